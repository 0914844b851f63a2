package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.ProcessPool;
import org.procpool.proto.OutcomeKind;
import org.procpool.task.Autopsy;
import org.procpool.task.Departure;
import org.procpool.task.Outcome;
import org.procpool.task.WorkerEnd;

/** Who hangs is killed, who is busy is not, and what a worker was doing is told before it goes. */
@ExtendWith(LeakCheck.class)
@Tag(LeakCheck.ALONE)
class LivenessTest {

    private static final long HANG_MILLIS = 1_000;
    private static final long HANG_NANOS = TimeUnit.MILLISECONDS.toNanos(HANG_MILLIS);
    /** Far more than hang time-out, looks at the process and wait for its thread dump, and far less than for ever. */
    private static final long BOUND_NANOS = TimeUnit.SECONDS.toNanos(20);

    private static ProcessPool pool(int workers, Events events) {
        return Pools.start(options -> options.withWorkers(workers).withHangTimeoutNanos(HANG_NANOS), events);
    }

    private static Autopsy onlyExit(Events events) {
        Eventually.until("a worker is gone", () -> !events.exited.isEmpty());
        return events.exited.get(0);
    }

    private static String threadDump(Autopsy autopsy) {
        WorkerEnd end = autopsy.end();
        assertThat(end).isNotNull();
        return end.threadDump();
    }

    @Test
    void stopped_idle_worker_hangs_and_is_replaced() throws Exception {
        Events events = new Events();
        try (ProcessPool pool = pool(1, events)) {
            long pid = Pools.worker(pool, 1).pid();
            long stopped = System.nanoTime();
            Processes.signal(pid, "STOP");
            Autopsy autopsy = onlyExit(events);
            assertThat(System.nanoTime() - stopped).isBetween(HANG_NANOS * 3 / 4, BOUND_NANOS);
            assertThat(autopsy.why()).isEqualTo(Departure.HUNG);
            assertThat(autopsy.pid()).isEqualTo(pid);
            assertThat(autopsy.task()).isNull();
            assertThat(threadDump(autopsy))
                    .as("of a process that cannot answer")
                    .isEmpty();
            assertThat(Pools.run(pool, "echo", "on").succeeded()).isTrue();
        }
    }

    @Test
    void stopped_busy_worker_hangs_and_its_task_is_lost_as_hung() throws Exception {
        Events events = new Events();
        try (ProcessPool pool = pool(1, events)) {
            CompletableFuture<Outcome> stopping = pool.submit("stop-self", "");
            CompletableFuture<Outcome> behind = pool.submit("echo", "behind");
            Outcome lost = Pools.outcome(stopping);
            assertThat(lost.kind()).isEqualTo(OutcomeKind.WORKER_LOST);
            assertThat(lost.error().type()).isEqualTo("HUNG");
            assertThat(lost.error().autopsy()).contains("left: HUNG").contains("stop-self");
            assertThat(Pools.outcome(behind).succeeded()).isTrue();
            Autopsy autopsy = onlyExit(events);
            assertThat(autopsy.why()).isEqualTo(Departure.HUNG);
            assertThat(autopsy.task()).isEqualTo("stop-self");
            assertThat(autopsy.account().lost()).isEqualTo(1);
        }
    }

    @Test
    void worker_that_was_stopped_for_less_than_the_time_out_serves_on() throws Exception {
        Events events = new Events();
        // Half a time-out is enough to be noticed; the other half is for a machine that is slow to wake it.
        try (ProcessPool pool =
                Pools.start(options -> options.withWorkers(1).withHangTimeoutNanos(3 * HANG_NANOS), events)) {
            long pid = Pools.worker(pool, 1).pid();
            for (int i = 0; i < 2; i++) {
                Processes.signal(pid, "STOP");
                Eventually.pass(3 * HANG_NANOS / 2);
                Processes.signal(pid, "CONT");
                assertThat(Pools.run(pool, "pid", "").payload().text()).isEqualTo(Long.toString(pid));
            }
            assertThat(events.exited).isEmpty();
        }
    }

    @Test
    void busy_workers_are_not_taken_for_hung_whatever_keeps_them_busy() throws Exception {
        Events events = new Events();
        Path open = LeakCheck.workDirectory().resolve("open");
        Path pipe = LeakCheck.workDirectory().resolve("pipe");
        Processes.makePipe(pipe);
        List<String> busy = List.of("count", "park", "churn", "pipe");
        try (ProcessPool pool = pool(busy.size(), events)) {
            List<CompletableFuture<Outcome>> tasks = new ArrayList<>();
            for (String task : busy) {
                tasks.add(pool.submit(Pools.task(task, task.equals("pipe") ? pipe : open)));
            }
            for (String task : busy) {
                Pools.untilRunning(pool, task, 1);
            }
            Eventually.pass(4 * HANG_NANOS);
            assertThat(events.exited).isEmpty();
            Files.createFile(open);
            try (RandomAccessFile writer = new RandomAccessFile(pipe.toFile(), "rw")) {
                writer.write('x');
                for (CompletableFuture<Outcome> task : tasks) {
                    assertThat(Pools.outcome(task).succeeded()).isTrue();
                }
            }
            assertThat(events.exited).isEmpty();
        }
    }

    @Test
    void supervisor_that_was_stopped_itself_kills_nobody_when_it_wakes() throws Exception {
        Path open = LeakCheck.workDirectory().resolve("open");
        try (Program supervisor = Program.start(SupervisorMain.command(2, "gate", open.toString(), HANG_MILLIS))) {
            List<Long> workers = SupervisorMain.workers(supervisor);
            supervisor.signal("STOP");
            Eventually.pass(4 * HANG_NANOS);
            supervisor.signal("CONT");
            // It would find that they have been silent all the while.
            Eventually.pass(2 * HANG_NANOS);
            for (long worker : workers) {
                assertThat(Processes.isGone(worker)).isFalse();
            }
            Files.createFile(open);
            Eventually.until(
                    "both tasks end",
                    () -> supervisor.output().stream()
                                    .filter("outcome SUCCEEDED"::equals)
                                    .count()
                            == workers.size());
            assertThat(supervisor.text()).doesNotContain("exited");
        }
        Pools.ofOne().close();
    }

    // ---- what it was doing

    @Test
    void threads_of_a_worker_whose_task_times_out_are_told() throws Exception {
        Events events = new Events();
        try (ProcessPool pool =
                Pools.start(options -> options.withWorkers(1).withGraceNanos(HANG_NANOS / 10), events)) {
            // Long enough for the handler to have begun.
            Outcome outcome = Pools.outcome(pool.submit(Pools.task("spin", "").withRunTimeoutNanos(HANG_NANOS)));
            assertThat(outcome.kind()).isEqualTo(OutcomeKind.TIMED_OUT);
            assertThat(threadDump(onlyExit(events))).contains("org.procpool.samples.Hanging.spin");
            assertThat(outcome.error().autopsy()).contains("org.procpool.samples.Hanging.spin");
        }
    }

    @Test
    void stopped_worker_whose_task_times_out_tells_nothing_and_is_killed_in_time() throws Exception {
        Events events = new Events();
        try (ProcessPool pool = Pools.start(
                options -> options.withWorkers(1).withHangTimeoutNanos(0).withGraceNanos(HANG_NANOS / 10), events)) {
            long submitted = System.nanoTime();
            Outcome outcome =
                    Pools.outcome(pool.submit(Pools.task("stop-self", "").withRunTimeoutNanos(HANG_NANOS)));
            assertThat(System.nanoTime() - submitted).isLessThan(BOUND_NANOS);
            assertThat(outcome.kind()).isEqualTo(OutcomeKind.TIMED_OUT);
            Autopsy autopsy = onlyExit(events);
            assertThat(autopsy.why()).isEqualTo(Departure.TIMED_OUT);
            assertThat(threadDump(autopsy)).isEmpty();
        }
    }
}
