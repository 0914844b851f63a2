package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.ProcessPool;
import org.procpool.proto.OutcomeKind;
import org.procpool.system.EvidenceHandlers.Tally;
import org.procpool.task.Autopsy;
import org.procpool.task.Departure;
import org.procpool.task.Outcome;
import org.procpool.task.TaskSpec;

/** Tasks that were handed out ahead of time: nobody waits behind a slow one, and what is taken back never runs. */
@ExtendWith(LeakCheck.class)
@Tag(LeakCheck.ALONE)
class TakeBackTest {

    /** Slow ones of each kind in turn; one more worker is left for the rest. */
    private static final List<String> SLOW = List.of("gate", "park", "count", "pipe", "stop");

    private static final int SLOW_AT_ONCE = 3;
    private static final int ROUNDS = 7;
    private static final int TINY = 400;
    private static final boolean LONG = Boolean.getBoolean("procpool.long");

    private final Random random = new Random(20);

    private static TaskSpec tally(int number, long micros) {
        return Pools.task("tally", LeakCheck.workDirectory() + " " + number + " " + micros);
    }

    // ---- nobody waits behind a slow one

    @Test
    void no_tiny_task_waits_for_a_slow_one_whatever_that_is_doing() throws Exception {
        Events events = new Events();
        try (ProcessPool pool = Pools.start(options -> options.withWorkers(SLOW_AT_ONCE + 1), events)) {
            Pools.untilIdle(pool, SLOW_AT_ONCE + 1);
            int kind = 0;
            for (int round = 0; round < ROUNDS; round++) {
                List<String> slow = new ArrayList<>();
                for (int i = 0; i < SLOW_AT_ONCE; i++) {
                    slow.add(SLOW.get(kind++ % SLOW.size()));
                }
                streamPastSlowOnes(pool, slow, LeakCheck.workDirectory().resolve("open-" + round));
            }
            assertThat(events.exited).isEmpty();
        }
    }

    private void streamPastSlowOnes(ProcessPool pool, List<String> slow, Path open) throws Exception {
        Path pipe = Path.of(open + "-pipe");
        Processes.makePipe(pipe);
        Set<Integer> places = new HashSet<>();
        while (places.size() < slow.size()) {
            places.add(random.nextInt(TINY));
        }
        List<Long> stopped = new ArrayList<>();
        List<String> tasks = new ArrayList<>(slow);
        if (tasks.remove("stop")) {
            // It has not begun anything, and will be handed tasks like the others.
            long pid = Pools.worker(pool, 1 + random.nextInt(slow.size() + 1)).pid();
            Processes.signal(pid, "STOP");
            stopped.add(pid);
        }
        List<CompletableFuture<Outcome>> standing = new ArrayList<>();
        List<CompletableFuture<Outcome>> tiny = new ArrayList<>();
        for (int i = 0; i < TINY; i++) {
            if (places.contains(i) && standing.size() < tasks.size()) {
                String name = tasks.get(standing.size());
                standing.add(pool.submit(Pools.task(name, name.equals("pipe") ? pipe : open)));
            }
            tiny.add(pool.submit("echo", Integer.toString(i)));
            pauseNowAndThen();
        }
        for (int i = 0; i < TINY; i++) {
            Outcome outcome = Pools.outcome(tiny.get(i));
            assertThat(outcome.payload().text()).isEqualTo(Integer.toString(i));
            assertThat(outcome.attempts()).isEqualTo(1);
        }
        assertThat(standing).as("the slow ones, which nobody has let go").noneMatch(CompletableFuture::isDone);
        Files.createFile(open);
        try (RandomAccessFile writer = new RandomAccessFile(pipe.toFile(), "rw")) {
            writer.write('x');
            for (long pid : stopped) {
                Processes.signal(pid, "CONT");
            }
            for (CompletableFuture<Outcome> task : standing) {
                assertThat(Pools.outcome(task).succeeded()).isTrue();
            }
        }
        Pools.untilIdle(pool, slow.size() + 1);
    }

    /** So that some come in a burst and others find the pool at rest. */
    private void pauseNowAndThen() {
        if (random.nextInt(10) == 0) {
            spin(random.nextInt(1_000));
        }
    }

    private static void spin(long micros) {
        long until = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(micros);
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }

    @Test
    void tasks_keep_their_order_though_some_of_them_are_taken_back() throws Exception {
        int count = 60;
        List<CompletableFuture<Outcome>> tasks = new ArrayList<>();
        try (ProcessPool pool = Pools.ofOne()) {
            long pid = Pools.worker(pool, 1).pid();
            while (tasks.size() < count) {
                // Stopped about as long as the pool's patience lasts, while tasks come in.
                Processes.signal(pid, "STOP");
                for (int i = 0; i < 3; i++) {
                    tasks.add(pool.submit(tally(tasks.size(), 0)));
                    spin(random.nextInt(4_000));
                }
                Processes.signal(pid, "CONT");
                spin(random.nextInt(2_000));
            }
            for (CompletableFuture<Outcome> task : tasks) {
                assertThat(Pools.outcome(task).succeeded()).isTrue();
            }
            assertThat(Tally.read(LeakCheck.workDirectory()).began())
                    .containsExactlyElementsOf(IntStream.range(0, count).boxed().toList());
        }
    }

    // ---- cancelling

    @Test
    void task_that_is_cancelled_while_it_waits_at_its_worker_never_runs() throws Exception {
        int count = 100;
        Path open = LeakCheck.workDirectory().resolve("open");
        // With endless patience, so that they stay where they were handed to.
        try (ProcessPool pool = Pools.start(options -> options.withWorkers(1).withPatienceNanos(0))) {
            for (int i = 0; i < 300; i++) {
                // From these the pool learns that a deep queue at the worker is worth it.
                assertThat(Pools.run(pool, "echo", "x").succeeded()).isTrue();
            }
            CompletableFuture<Outcome> gate = pool.submit(Pools.task("gate", open));
            Pools.untilRunning(pool, "gate", 1);
            List<CompletableFuture<Outcome>> tasks = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                tasks.add(pool.submit(tally(i, 0)));
            }
            Eventually.until("all are handed out", () -> Pools.worker(pool, 1).inFlight() == 1 + count);
            for (int i = 0; i < count; i += 2) {
                tasks.get(i).cancel(true);
            }
            Eventually.until(
                    "half of them are cancelled", () -> pool.snapshot().totals().cancelled() == count / 2);
            assertThat(gate).isNotDone();
            Files.createFile(open);
            for (int i = 1; i < count; i += 2) {
                assertThat(Pools.outcome(tasks.get(i)).succeeded()).isTrue();
            }
            Tally tally = Tally.read(LeakCheck.workDirectory());
            assertThat(tally.began())
                    .containsExactlyElementsOf(IntStream.range(0, count)
                            .filter(i -> i % 2 == 1)
                            .boxed()
                            .toList());
            assertThat(tally.interrupted()).isEmpty();
        }
    }

    @Test
    void storm_of_cancels_disturbs_no_other_task_and_costs_no_worker() throws Exception {
        int count = LONG ? 200_000 : 10_000;
        Events events = new Events();
        List<CompletableFuture<Outcome>> tasks = new ArrayList<>();
        Set<Integer> cancelled = new HashSet<>();
        try (ProcessPool pool = Pools.start(options -> options, events)) {
            Semaphore window = new Semaphore(500);
            for (int i = 0; i < count; i++) {
                assertThat(window.tryAcquire(Eventually.DEADLINE_SECONDS, TimeUnit.SECONDS))
                        .isTrue();
                CompletableFuture<Outcome> task = pool.submit(tally(i, random.nextInt(100)));
                task.whenComplete((outcome, e) -> window.release());
                tasks.add(task);
                // One that was submitted a while ago or just now: queued, handed out, running or done.
                int victim = i - random.nextInt(Math.min(i + 1, 300));
                if (i % 2 == 0 && tasks.get(victim).cancel(true)) {
                    cancelled.add(victim);
                }
            }
            Map<Integer, Integer> runs = new HashMap<>();
            for (int i = 0; i < count; i++) {
                if (!cancelled.contains(i)) {
                    Outcome outcome = Pools.outcome(tasks.get(i));
                    assertThat(outcome.payload().text()).isEqualTo(Integer.toString(i));
                    assertThat(outcome.attempts()).isEqualTo(1);
                }
            }
            Eventually.until("all have ended", () -> pool.snapshot().totals().ended() == count);
            Tally tally = Tally.read(LeakCheck.workDirectory());
            tally.began().forEach(number -> runs.merge(number, 1, Integer::sum));
            assertThat(runs.values()).as("how often each that ran has run").containsOnly(1);
            assertThat(runs.size()).isBetween(count - cancelled.size(), count);
            assertThat(cancelled).containsAll(tally.interrupted()).hasSizeGreaterThan(count / 20);
            assertThat(pool.snapshot().totals().cancelled())
                    .isGreaterThanOrEqualTo(count - runs.size())
                    .isLessThanOrEqualTo(cancelled.size());
            assertThat(events.exited).isEmpty();
        }
    }

    // ---- time-outs

    @Test
    void time_out_that_meets_the_end_of_its_task_costs_nobody_else_anything() throws Exception {
        int count = LONG ? 10_000 : 500;
        long limitMicros = 5_000;
        long graceMicros = 3_000;
        Events events = new Events();
        List<CompletableFuture<Outcome>> close = new ArrayList<>();
        List<CompletableFuture<Outcome>> innocent = new ArrayList<>();
        Set<Long> guilty = new HashSet<>();
        Set<Integer> ran = new HashSet<>();
        try (ProcessPool pool = Pools.start(
                options -> options.withSpares(1)
                        .withPatienceNanos(TimeUnit.MILLISECONDS.toNanos(50))
                        .withGraceNanos(TimeUnit.MICROSECONDS.toNanos(graceMicros)),
                events)) {
            for (int i = 0; i < count; i++) {
                // Most end about when they are interrupted, some about when their worker is killed.
                long edge = limitMicros + (i % 20 == 0 ? graceMicros : 0);
                long micros = edge - 1_000 + random.nextInt(2_000);
                close.add(pool.submit(
                        tally(2 * i, micros).withRunTimeoutNanos(TimeUnit.MICROSECONDS.toNanos(limitMicros))));
                innocent.add(pool.submit(tally(2 * i + 1, random.nextInt(200))));
                if (i % 10 == 9) {
                    Eventually.value(close.get(i));
                }
            }
            for (int i = 0; i < count; i++) {
                Outcome outcome = Pools.outcome(close.get(i));
                assertThat(outcome.kind()).isIn(OutcomeKind.SUCCEEDED, OutcomeKind.TIMED_OUT);
                if (outcome.kind() == OutcomeKind.SUCCEEDED) {
                    ran.add(2 * i);
                }
                if (outcome.kind() == OutcomeKind.TIMED_OUT) {
                    guilty.add(outcome.taskId());
                }
                Outcome other = Pools.outcome(innocent.get(i));
                assertThat(other.payload().text()).isEqualTo(Integer.toString(2 * i + 1));
                assertThat(other.attempts()).isEqualTo(1);
                ran.add(2 * i + 1);
            }
            Tally tally = Tally.read(LeakCheck.workDirectory());
            // On a crowded machine the limit may be over before the handler has begun.
            assertThat(tally.began()).doesNotHaveDuplicates().containsAll(ran);
            assertThat(tally.interrupted()).as("innocent ones have odd numbers").allMatch(number -> number % 2 == 0);
            for (Autopsy exit : events.exited) {
                assertThat(exit.why()).isEqualTo(Departure.TIMED_OUT);
                // None if it came to its end between the last look and the kill.
                assertThat(exit.account().lost()).isLessThanOrEqualTo(1);
                if (exit.account().lost() == 1) {
                    assertThat(guilty).contains(exit.taskId());
                }
            }
        }
    }
}
