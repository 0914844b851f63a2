package org.procpool.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OutputDrainTest {

    private static String tailOf(String output) {
        OutputDrain drain = new OutputDrain("w1.1", new ByteArrayInputStream(output.getBytes(StandardCharsets.UTF_8)));
        drain.run();
        return drain.tail();
    }

    @Test
    void tail_holds_the_last_hundred_lines() {
        StringBuilder output = new StringBuilder();
        for (int i = 1; i <= 1000; i++) {
            output.append("line ").append(i).append('\n');
        }
        assertThat(tailOf(output.toString()).split("\n"))
                .hasSize(100)
                .startsWith("line 901")
                .endsWith("line 1000");
    }

    @Test
    void flood_without_a_newline_is_cut_and_not_kept_whole() {
        assertThat(tailOf("x".repeat(10_000_000))).hasSize(1024 + 2).endsWith("x …");
    }

    @Test
    void tail_is_bounded_in_characters_too() {
        assertThat(tailOf(("y".repeat(1000) + "\n").repeat(100)).length()).isBetween(15_000, 16 * 1024 + 100);
    }

    @Test
    void last_line_without_its_end_is_kept() {
        assertThat(tailOf("first\r\nlast")).isEqualTo("first\nlast");
    }
}
