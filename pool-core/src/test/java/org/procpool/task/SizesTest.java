package org.procpool.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizesTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "512, 512",
        "7b, 7",
        "64k, 65536",
        "10m, 10485760",
        "1g, 1073741824",
        "1G, 1073741824",
        "8388607t, 9223370937343148032"
    })
    void sizes_are_read_in_powers_of_1024(String text, long bytes) {
        assertThat(Sizes.parseBytes(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "k", "-1", "1.5m", "10 m", "1kb", "5x", "1234567890123456789"})
    void other_texts_are_refused_with_an_example(String text) {
        assertThatThrownBy(() -> Sizes.parseBytes(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' is not a size; write for example 512, 64k, 10m or 1g");
    }

    @Test
    void a_size_beyond_a_long_is_refused() {
        assertThatThrownBy(() -> Sizes.parseBytes("8388608t")).hasMessageContaining("too large to count");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1k",
        "1536, 1.5k",
        "1048575, 1023k",
        "67108864, 64m",
        "3221225472, 3g",
        "1099511627776, 1t",
        "9223372036854775807, 8388607t"
    })
    void sizes_are_written_for_reading(long bytes, String text) {
        assertThat(Sizes.format(bytes)).isEqualTo(text);
    }
}
