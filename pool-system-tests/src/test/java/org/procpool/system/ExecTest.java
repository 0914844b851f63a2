package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.ProcessPool;
import org.procpool.process.ProgramOptions;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;
import org.procpool.task.ExecTask;
import org.procpool.task.Outcome;

/** Tasks that are commands. */
@ExtendWith(LeakCheck.class)
class ExecTest {

    private static final int LARGE_BYTES = 5 << 20;

    private static ProgramOptions programs() {
        String children = "(sleep 300 & echo $! > \"$0\"; wait) & sleep 300";
        return ProgramOptions.NONE
                .withExec(new ExecTask("cat", List.of("cat")))
                .withExec(new ExecTask("shout", List.of("tr", "a-z", "A-Z")))
                .withExec(new ExecTask("word", List.of("printf", "<%s>", "{}", "and {}!")))
                .withExec(new ExecTask("not-read", List.of("echo", "an answer; $HOME is `not` looked at")))
                .withExec(new ExecTask("fail", List.of("sh", "-c", "echo half; echo no such thing >&2; exit 3")))
                .withExec(new ExecTask("segv", List.of("sh", "-c", "kill -SEGV $$")))
                .withExec(new ExecTask("endless", List.of("yes")))
                .withExec(new ExecTask("family", List.of("sh", "-c", "trap '' TERM; " + children, "{}")))
                .withExec(new ExecTask("daemon", List.of("sh", "-c", "sleep 300 & echo started")))
                .withExec(new ExecTask("pwd", List.of("sh", "-c", "pwd; echo $PROCPOOL_TASK $PROCPOOL_ATTEMPT")));
    }

    private static ProcessPool pool() {
        return Pools.start(options -> options.withWorkers(1)
                .withPrograms(programs())
                .withPayloadBytesMax(8 << 20)
                .withHandlers(List.of())
                .withProviders(List.of()));
    }

    @Test
    void command_gets_the_payload_and_its_output_is_the_result() throws Exception {
        try (ProcessPool pool = pool()) {
            byte[] bytes = new byte[LARGE_BYTES];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (i * 31 >> 3);
            }
            assertThat(Eventually.value(pool.submit("cat", bytes)).payload()).isEqualTo(Payload.of(bytes));
            assertThat(Eventually.value(pool.submit("not-read", bytes))
                            .payload()
                            .text())
                    .isEqualTo("an answer; $HOME is `not` looked at\n");
            assertThat(Pools.run(pool, "shout", "hello").payload().text()).isEqualTo("HELLO");
            assertThat(Pools.run(pool, "word", "a b;'").payload().text()).isEqualTo("<a b;'><and a b;'!>");
            assertThat(Pools.run(pool, "pwd", "").payload().text())
                    .isEqualTo(Path.of("").toAbsolutePath() + "\npwd 1\n");
        }
    }

    @Test
    void command_that_fails_is_a_failed_task_and_its_worker_lives_on() throws Exception {
        try (ProcessPool pool = pool()) {
            Outcome failed = Pools.run(pool, "fail", "the secret input");
            assertThat(failed.kind()).isEqualTo(OutcomeKind.FAILED);
            assertThat(failed.error().type()).isEqualTo("EXIT_3");
            assertThat(failed.error().message()).isEqualTo("the command of 'fail' ended with exit code 3");
            assertThat(failed.error().stack()).isEmpty();
            assertThat(failed.error().outputTail()).isEqualTo("no such thing");

            assertThat(Pools.run(pool, "segv", "").error().type()).isEqualTo("SIGSEGV");
            assertThat(Pools.run(pool, "endless", "").error().type()).isEqualTo("PAYLOAD_TOO_LARGE");
            assertThat(Pools.run(pool, "word", "a\0b").error().type()).isEqualTo("INVALID");
            assertThat(Pools.run(pool, "daemon", "").payload().text()).isEqualTo("started\n");
            assertThat(Pools.run(pool, "cat", "on").workerPid()).isEqualTo(failed.workerPid());
        }
    }

    @Test
    void time_out_and_the_death_of_the_worker_end_the_command_with_all_that_it_started() throws Exception {
        Path grandchild = LeakCheck.workDirectory().resolve("grandchild");
        try (ProcessPool pool = pool()) {
            Outcome timedOut = Pools.outcome(
                    pool.submit(Pools.task("family", grandchild).withRunTimeoutNanos(TimeUnit.SECONDS.toNanos(3))));
            assertThat(timedOut.kind()).isEqualTo(OutcomeKind.TIMED_OUT);
            assertThat(timedOut.error().message()).contains("heeded the interrupt");
            long first = pidIn(grandchild);
            Eventually.until("the first grandchild is gone", () -> Processes.isGone(first));

            Files.delete(grandchild);
            CompletableFuture<Outcome> lost = pool.submit(Pools.task("family", grandchild));
            Eventually.until("it runs", () -> Files.exists(grandchild) && Files.size(grandchild) > 0);
            long second = pidIn(grandchild);
            Processes.signal(timedOut.workerPid(), "KILL");
            assertThat(Pools.outcome(lost).kind()).isEqualTo(OutcomeKind.WORKER_LOST);
            Eventually.until("the grandchild is gone", () -> Processes.isGone(second));
        }
    }

    private static long pidIn(Path file) throws Exception {
        return Long.parseLong(Files.readString(file).strip());
    }

    @Test
    void command_that_is_not_there_is_said_before_anything_starts() {
        ProgramOptions missing = ProgramOptions.NONE.withExec(new ExecTask("x", List.of("no-such-program-at-all")));
        assertThatThrownBy(() -> Pools.start(options -> options.withPrograms(missing)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the command of exec task 'x', no-such-program-at-all, is not on the PATH; give its path");
        ProgramOptions both = programs().withWorkerCommand(List.of("cat"));
        assertThatThrownBy(() -> Pools.start(options -> options.withPrograms(both)))
                .hasMessageContaining("worker-command replaces those");
    }
}
