package org.procpool.proto;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskNamesTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "sha256-file", "größe", "报告", "😀", "a/b:c.d"})
    void a_visible_name_is_valid(String name) {
        assertThat(TaskNames.isValid(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a\tb", "a\n", "a\u00a0b", "a\u0000", "a\u200bb", "a\ud83d", "\u2028"})
    void an_invisible_name_is_not(String name) {
        assertThat(TaskNames.isValid(name)).isFalse();
    }

    @Test
    void a_name_is_bounded_in_bytes() {
        assertThat(TaskNames.isValid("x".repeat(128))).isTrue();
        assertThat(TaskNames.isValid("x".repeat(129))).isFalse();
        assertThat(TaskNames.isValid("ß".repeat(65))).isFalse();
    }
}
