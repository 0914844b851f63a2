package org.procpool.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0us",
        "850000, 850us",
        "1000000, 1ms",
        "12340000, 12.3ms",
        "2000000000, 2s",
        "2500000000, 2.5s",
        "90000000000, 1m30s",
        "3600000000000, 1h",
        "3661000000000, 1h1m1s"
    })
    void durations_are_written_as_people_read_them(long nanos, String text) {
        assertThat(Durations.format(nanos)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"10us, 10000", "500ms, 500000000", "2s, 2000000000", "5m, 300000000000", "1h, 3600000000000"})
    void durations_are_read_as_people_write_them(String text, long nanos) {
        assertThat(Durations.parseNanos(text)).isEqualTo(nanos);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "-1s", "5 s", "1.5s", "5d", "9999999999999s"})
    void what_is_no_duration_is_refused_with_an_example(String text) {
        assertThatThrownBy(() -> Durations.parseNanos(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'")
                .hasMessageContaining("500ms");
    }
}
