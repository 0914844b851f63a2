package org.procpool.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNamesTest {

    private static final List<String> NAMES = List.of("submit", "status", "serve", "result", "--text", "--timeout");

    @Test
    void the_nearest_come_first_when_letters_are_missing_swapped_or_wrong() {
        assertThat(NearestNames.of("sumbit", NAMES)).containsExactly("submit");
        assertThat(NearestNames.of("servee", NAMES)).containsExactly("serve");
        assertThat(NearestNames.of("statsu", NAMES)).first().isEqualTo("status");
        assertThat(NearestNames.of("--txt", NAMES)).containsExactly("--text");
    }

    @Test
    void nothing_is_suggested_when_nothing_is_near() {
        assertThat(NearestNames.of("frobnicate", NAMES)).isEmpty();
        assertThat(NearestNames.of("x".repeat(10_000), NAMES)).isEmpty();
    }
}
