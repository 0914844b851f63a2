package org.procpool.cli.top;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.jline.utils.NonBlocking;
import org.jline.utils.NonBlockingReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyTest {

    /** Nobody types here, so all that is to come comes, however long the reader's thread waits for a processor. */
    private static final long REST_MILLIS = 30_000;

    private static NonBlockingReader typed(String keys) {
        byte[] bytes = keys.replace("ESC", "\u001b").getBytes(StandardCharsets.UTF_8);
        return NonBlocking.nonBlocking("test", new ByteArrayInputStream(bytes), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "ESC[A, UP",
        "ESCOB, DOWN",
        "ESC[5~, PAGE_UP",
        "ESC[6~, PAGE_DOWN",
        "ESC[H, HOME",
        "ESCOF, END",
        "ESC, ESCAPE",
        "ESC[1;5C, OTHER",
        "q, CHARACTER"
    })
    void keys_are_told_apart_whatever_the_terminal_sends_for_them(String keys, Key.Name name) throws Exception {
        try (NonBlockingReader in = typed(keys)) {
            assertThat(Key.read(in, REST_MILLIS).name()).isEqualTo(name);
            assertThat(Key.read(in, REST_MILLIS).name()).isEqualTo(Key.Name.GONE);
        }
    }

    @Test
    void enter_is_a_return_or_a_line_feed() throws Exception {
        try (NonBlockingReader in = typed("\r\n?")) {
            assertThat(Key.read(in, REST_MILLIS).name()).isEqualTo(Key.Name.ENTER);
            assertThat(Key.read(in, REST_MILLIS).name()).isEqualTo(Key.Name.ENTER);
            assertThat(Key.read(in, REST_MILLIS)).isEqualTo(new Key(Key.Name.CHARACTER, '?'));
        }
    }
}
