package org.procpool.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskIdTest {

    @Test
    void parses_what_it_formats() {
        RandomFrames random = new RandomFrames(1);
        for (int round = 0; round < 10_000; round++) {
            long id = random.uint64();
            String text = TaskId.format(id);
            assertThat(TaskId.parse(text)).isEqualTo(id);
            assertThat(TaskId.parse(" " + text.toUpperCase(Locale.ROOT))).isEqualTo(id);
        }
        assertThat(TaskId.format(-1)).isEqualTo("fzzzzzzzzzzzz");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "u", "1-2", "gzzzzzzzzzzzz", "00000000000000"})
    void refuses_what_is_not_a_task_id(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TaskId.parse(text))
                .withMessageContaining("is not a task id");
    }
}
