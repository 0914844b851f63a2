package org.procpool.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NearestNamesTest {

    private static final List<String> KNOWN = List.of("echo", "reverse", "sleep", "sheep", "steep", "sleet", "fib");

    @ParameterizedTest
    @CsvSource({
        "ehco, echo",
        "ech, echo",
        "echoo, echo",
        "revers, reverse",
        "rverses, reverse",
        "fob, fib",
        "slep, sleep",
        "sleee, sleep sleet",
        "sleep, sleep sheep sleet",
        "thumbnail, ''",
        "x, ''"
    })
    void finds_what_was_meant_the_nearest_first(String name, String found) {
        assertThat(String.join(" ", NearestNames.of(name, KNOWN))).isEqualTo(found);
    }

    @ParameterizedTest
    @CsvSource({"64, true", "65, false"})
    void does_not_try_with_names_of_any_length(int length, boolean tried) {
        String name = "n".repeat(length);

        assertThat(NearestNames.of(name, List.of(name)).contains(name)).isEqualTo(tried);
        assertThat(NearestNames.of("n".repeat(60), List.of(name)).contains(name))
                .isEqualTo(tried);
    }
}
