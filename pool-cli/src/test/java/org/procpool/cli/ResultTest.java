package org.procpool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.procpool.cli.text.OneLine;
import org.procpool.client.TaskResult;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;
import org.procpool.proto.TaskError;

class ResultTest {

    private static TaskResult result(OutcomeKind outcome, int worker, @Nullable TaskError error, byte... payload) {
        return new TaskResult(31, outcome, worker, worker == 0 ? 0 : 4711, 1, 12, 34, error, Payload.of(payload));
    }

    @Test
    void every_outcome_has_its_exit_code() {
        Map<OutcomeKind, Integer> codes = Map.of(
                OutcomeKind.SUCCEEDED, 0,
                OutcomeKind.FAILED, 1,
                OutcomeKind.TIMED_OUT, 3,
                OutcomeKind.EXPIRED, 3,
                OutcomeKind.WORKER_LOST, 4,
                OutcomeKind.CANCELLED, 5,
                OutcomeKind.REJECTED, 5,
                OutcomeKind.UNKNOWN, 7);
        assertThat(codes).containsOnlyKeys(OutcomeKind.values());
        codes.forEach((outcome, code) -> assertThat(ExitCode.of(outcome)).isEqualTo(code));
    }

    @Test
    void the_object_has_the_fields_of_the_contract_when_the_task_succeeded() {
        String json = ResultJson.write(null, "echo", result(OutcomeKind.SUCCEEDED, 2, null, (byte) 'h', (byte) 'i'));
        assertThat(json)
                .isEqualTo(
                        "{\"id\":\"z\",\"task\":\"echo\",\"outcome\":\"SUCCEEDED\",\"worker\":{\"id\":2,\"pid\":4711},"
                                + "\"attempts\":1,\"queuedMicros\":12,\"runMicros\":34,"
                                + "\"error\":null,\"payload\":\"hi\"}");
    }

    @Test
    void the_payload_is_base64_when_it_is_not_utf8() {
        String json = ResultJson.write(null, "echo", result(OutcomeKind.SUCCEEDED, 2, null, (byte) 0xff, (byte) 0));
        assertThat(json).endsWith("\"payloadBase64\":\"/wA=\"}").doesNotContain("\"payload\"");
    }

    @Test
    void worker_and_id_are_null_when_the_task_was_never_accepted() {
        TaskError error = TaskError.of("QUEUE_FULL", "the queue is full");
        TaskResult refused = new TaskResult(0, OutcomeKind.REJECTED, 0, 0, 0, 0, 0, error, Payload.EMPTY);
        assertThat(ResultJson.write("line 3", "echo", refused))
                .startsWith("{\"input\":\"line 3\",\"id\":null,")
                .contains("\"worker\":null", "\"error\":{\"type\":\"QUEUE_FULL\",\"message\":\"the queue is full\"");
    }

    @Test
    void the_sentence_names_task_worker_and_advice() {
        TaskError error = new TaskError("java.io.IOException", "no luck", "at …", "");
        assertThat(ResultText.sentence("task 'x'", result(OutcomeKind.FAILED, 2, error)))
                .isEqualTo("task 'x' (id z) FAILED on worker 2 (pid 4711): java.io.IOException: no luck;"
                        + " --show json has the stack");
        assertThat(ResultText.sentence(
                        "task 'x'", result(OutcomeKind.WORKER_LOST, 2, TaskError.of("SIGKILL", "worker w2.1 died"))))
                .isEqualTo("task 'x' (id z) WORKER_LOST: worker w2.1 died; if it is safe to repeat, submit it with"
                        + " --max-attempts 2");
    }

    @Test
    void the_report_of_a_lost_worker_is_in_the_object_and_pointed_to_in_the_sentence() {
        TaskError error = TaskError.of("SIGKILL", "worker w2.1 died").withAutopsy("worker w2.1 left\n  up 3s\n");
        TaskResult lost = result(OutcomeKind.WORKER_LOST, 2, error);
        assertThat(ResultJson.write(null, "x", lost)).contains("\"autopsy\":\"worker w2.1 left\\n  up 3s\\n\"}");
        assertThat(ResultText.sentence("task 'x'", lost))
                .isEqualTo("task 'x' (id z) WORKER_LOST: worker w2.1 died; 'procpool workers --dead' has the report;"
                        + " if it is safe to repeat, submit it with --max-attempts 2");
        assertThat(ResultJson.write(null, "x", result(OutcomeKind.FAILED, 2, TaskError.of("E", "no"))))
                .doesNotContain("autopsy");
    }

    @Test
    void a_message_stays_on_one_line_and_steers_no_terminal() {
        assertThat(OneLine.of("a\nb\r\n\tc \033[31mred\n")).isEqualTo("a b c [31mred");
    }
}
