package org.procpool.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecorderOptionsTest {

    @Test
    void a_default_page_is_a_header_16_KiB_of_claims_and_512_KiB_of_ring() {
        assertThat(RecorderOptions.DEFAULT.pageBytes()).isEqualTo(544_768);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 4096, claims is 0",
        "8, 4096, claims is 8",
        "100, 4096, claims is 100",
        "131072, 4096, claims is 131072",
        "-16, 4096, claims is -16",
        "16, 2048, ring size is 2048",
        "16, 5000, ring size is 5000",
        "16, -2147483648, ring size is -2147483648"
    })
    void a_size_out_of_range_is_named_with_its_bounds(int claims, int ringBytes, String message) {
        assertThatThrownBy(() -> new RecorderOptions(claims, ringBytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("power of two from");
    }

    @Test
    void the_largest_page_can_be_mapped() {
        assertThat(new RecorderOptions(1 << 16, 1 << 30).pageBytes()).isPositive();
    }

    @Test
    void room_for_all_pages_is_checked_before_the_first(@TempDir Path directory) {
        assertThatCode(() -> RecorderOptions.DEFAULT.checkRoom(directory, 2)).doesNotThrowAnyException();
        assertThatThrownBy(() -> RecorderOptions.DEFAULT.checkRoom(directory, Integer.MAX_VALUE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(directory.toString())
                .hasMessageContaining("are free");
        assertThatThrownBy(() -> RecorderOptions.DEFAULT.checkRoom(directory.resolve("none"), 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none");
    }
}
