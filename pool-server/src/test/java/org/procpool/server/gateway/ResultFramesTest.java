package org.procpool.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;
import org.procpool.proto.ResultFrame;
import org.procpool.proto.TaskError;
import org.procpool.task.Outcome;
import org.procpool.task.WorkerId;

class ResultFramesTest {

    private static final int ROOMY = 64 << 20;
    private static final TaskError KILLED = new TaskError("SIGKILL", "worker w2.1 died", "", "last words");

    private static ResultFrame lost(TaskError error, int frameBytesMax) {
        Outcome outcome = new Outcome(
                31, OutcomeKind.WORKER_LOST, Payload.EMPTY, new WorkerId(2, 1), 4711, 1, 12_000, 34_000, error);
        return ResultFrames.of(7, outcome, frameBytesMax);
    }

    @Test
    void report_of_the_workers_end_goes_to_the_client_as_it_is() {
        assertThat(lost(KILLED.withAutopsy("worker w2.1 …\n"), ROOMY))
                .isEqualTo(new ResultFrame(
                        7,
                        31,
                        OutcomeKind.WORKER_LOST,
                        2,
                        4711,
                        1,
                        12,
                        34,
                        KILLED.withAutopsy("worker w2.1 …\n"),
                        Payload.EMPTY));
    }

    @Test
    void report_above_64_ki_characters_is_cut_and_says_so() {
        String most = "x".repeat(TaskError.AUTOPSY_CHARS_MAX - 100);
        assertThat(lost(KILLED.withAutopsy(most), ROOMY).error().autopsy()).isEqualTo(most);

        String cut =
                lost(KILLED.withAutopsy("x".repeat(1_000_000)), ROOMY).error().autopsy();
        assertThat(cut).hasSize(TaskError.AUTOPSY_CHARS_MAX).endsWith("x\n… the rest of the report was cut\n");
    }

    @Test
    void report_never_makes_a_frame_that_the_client_would_refuse() {
        int frameBytesMax = 1 + 64 * 1024;
        TaskError large = new TaskError("SIGKILL", "m", "s".repeat(16_000), "o".repeat(16_000));
        for (String letter : new String[] {"x", "ü", "日", "\uD83D\uDE00"}) {
            ResultFrame frame = lost(large.withAutopsy(letter.repeat(70_000)), frameBytesMax);
            assertThat(frame.bodySize()).isLessThan(frameBytesMax - 8);
            assertThat(frame.error().autopsy()).hasSizeGreaterThan(1_000).startsWith(letter);
            assertThat(frame.error().stack()).isEqualTo(large.stack());
        }
    }
}
