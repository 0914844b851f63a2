package org.procpool.cli.top;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SparklineTest {

    private static final String LEVELS = new Palette(true, true).levels();

    @Test
    void the_highest_fills_its_column_and_the_newest_stands_at_the_right() {
        assertThat(Sparkline.lines(List.of(0.0, 1.0, 4.0, 8.0), LEVELS, 6, 1)).containsExactly("   ▁▄█");
    }

    @Test
    void more_than_nothing_shows_however_little_it_is() {
        assertThat(Sparkline.lines(List.of(0.001, 1_000_000.0), LEVELS, 2, 1)).containsExactly("▁█");
    }

    @Test
    void of_more_values_than_columns_the_oldest_are_left_out() {
        assertThat(Sparkline.lines(List.of(100.0, 1.0, 1.0), LEVELS, 2, 1)).containsExactly("██");
    }

    @Test
    void more_rows_make_more_steps() {
        assertThat(Sparkline.lines(List.of(4.0, 12.0, 16.0), LEVELS, 3, 2)).containsExactly(" ▄█", "▄██");
    }

    @Test
    void nothing_at_all_is_blank() {
        assertThat(Sparkline.lines(List.of(), LEVELS, 3, 2)).containsExactly("   ", "   ");
        assertThat(Sparkline.lines(List.of(0.0), LEVELS, 3, 1)).containsExactly("   ");
    }
}
