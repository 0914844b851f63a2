package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.ProcessPool;
import org.procpool.proto.OutcomeKind;
import org.procpool.task.Autopsy;
import org.procpool.task.Departure;
import org.procpool.task.Outcome;
import org.procpool.task.WorkerEnd;

/** What is told of a worker's death, through the library; how it is shown by the service is for DeadWorkersTest. */
@ExtendWith(LeakCheck.class)
class AutopsyTest {

    private static Autopsy exit(Events events, int number) {
        Eventually.until("exit " + number + " is told", () -> events.exited.size() >= number);
        return events.exited.get(number - 1);
    }

    private static WorkerEnd end(Autopsy autopsy) {
        WorkerEnd end = autopsy.end();
        assertThat(end).isNotNull();
        return end;
    }

    /** As the pool keeps them for those who ask later. */
    private static List<Autopsy> kept(ProcessPool pool) throws Exception {
        CompletableFuture<List<Autopsy>> kept = new CompletableFuture<>();
        pool.port().eventLoop().execute(() -> kept.complete(pool.port().autopsies()));
        return Eventually.value(kept);
    }

    @Test
    void full_heap_is_out_of_memory_and_not_just_an_exit_code() throws Exception {
        Events events = new Events();
        try (ProcessPool pool = Pools.start(options -> options.withWorkers(1), events)) {
            Outcome lost = Pools.run(pool, "leak", "");
            assertThat(lost.kind()).isEqualTo(OutcomeKind.WORKER_LOST);
            assertThat(lost.error().type()).isEqualTo("OUT_OF_MEMORY");
            assertThat(lost.error().autopsy()).contains("left: OUT_OF_MEMORY").contains("(leak, attempt 1)");
            Autopsy autopsy = exit(events, 1);
            assertThat(autopsy.why()).isEqualTo(Departure.OUT_OF_MEMORY);
            assertThat(end(autopsy).outOfMemory()).isTrue();
            assertThat(autopsy.taskId()).isEqualTo(lost.taskId());
            // An exit with the same code that the handler asked for is none.
            assertThat(Pools.run(pool, "halt", "3").error().type()).isEqualTo("EXIT_3");
            assertThat(exit(events, 2).why()).isEqualTo(Departure.CRASHED);
        }
    }

    @Test
    void report_of_a_crashed_jvm_is_quoted_and_outlives_the_pool() throws Exception {
        Events events = new Events();
        try (ProcessPool pool = Pools.start(options -> options.withWorkers(1), events)) {
            Outcome lost = Pools.run(pool, "segv", "now");
            assertThat(lost.kind()).isEqualTo(OutcomeKind.WORKER_LOST);
            assertThat(lost.error().autopsy()).contains("SIGSEGV").contains("the whole crash report is in ");
        }
        WorkerEnd end = end(exit(events, 1));
        assertThat(end.crashReport())
                .startsWith("#")
                .contains("SIGSEGV")
                .contains("pid=" + events.exited.get(0).pid());
        assertThat(end.outputTail()).contains("A fatal error has been detected");
        Path report = Path.of(end.crashReportFile());
        assertThat(report.getParent()).isEqualTo(LeakCheck.runDirectory().resolve("crashes"));
        assertThat(Files.readString(report)).startsWith(end.crashReport()).contains("END.");
    }

    @Test
    void report_tells_what_was_running_for_how_long_and_what_was_printed_last() throws Exception {
        Events events = new Events();
        try (ProcessPool pool = Pools.start(options -> options.withWorkers(1), events)) {
            for (int i = 0; i < 10; i++) {
                assertThat(Pools.run(pool, "echo", "x").succeeded()).isTrue();
            }
            Outcome lost = Pools.run(pool, "print", "the disk is made of cheese");
            Autopsy autopsy = exit(events, 1);
            assertThat(autopsy.results()).isEqualTo(10);
            assertThat(autopsy.task()).isEqualTo("print");
            assertThat(autopsy.taskId()).isEqualTo(lost.taskId());
            assertThat(autopsy.attempt()).isEqualTo(1);
            assertThat(autopsy.ranNanos()).isBetween(1L, autopsy.uptimeNanos());
            assertThat(autopsy.account().lost()).isEqualTo(1);
            assertThat(autopsy.at()).isNotNull();
            assertThat(end(autopsy).exit().code()).isEqualTo(9);
            assertThat(end(autopsy).outputTail())
                    .contains("the disk is made of cheese")
                    .contains("last words of " + autopsy.pid());
            assertThat(autopsy.text()).contains("the disk is made of cheese").contains("10 tasks finished");
            assertThat(lost.error().autopsy()).contains("the disk is made of cheese");
        }
    }

    @Test
    void listener_hears_what_the_pool_keeps_of_which_the_oldest_go_first() throws Exception {
        Events events = new Events();
        try (ProcessPool pool = Pools.start(
                options ->
                        options.withWorkers(1).withAutopsiesMax(2).withGraceNanos(TimeUnit.MILLISECONDS.toNanos(100)),
                events)) {
            assertThat(kept(pool)).isEmpty();
            for (int code = 1; code <= 3; code++) {
                assertThat(Pools.run(pool, "halt", code).error().type()).isEqualTo("EXIT_" + code);
                Autopsy last = exit(events, code);
                assertThat(end(last).exit().code()).isEqualTo(code);
                assertThat(kept(pool)).first().isEqualTo(last);
            }
            assertThat(kept(pool)).containsExactly(events.exited.get(2), events.exited.get(1));
        }
    }

    @Test
    void pool_that_keeps_no_reports_still_tells_its_listener_and_the_task() throws Exception {
        Events events = new Events();
        try (ProcessPool pool = Pools.start(options -> options.withWorkers(1).withAutopsiesMax(0), events)) {
            assertThat(Pools.run(pool, "halt", "1").error().autopsy()).contains("exit code 1");
            exit(events, 1);
            assertThat(kept(pool)).isEmpty();
        }
    }
}
