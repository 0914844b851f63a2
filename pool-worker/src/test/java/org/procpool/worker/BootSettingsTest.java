package org.procpool.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BootSettingsTest {

    private static final String COMPLETE =
            "socket=/run/größe/s\nworker=2\ngeneration=3\ntoken=00ff\nscratch=/tmp/w\nfuture=a=b\n";

    private static BootSettings read(String text) throws IOException {
        return BootSettings.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void settings_end_at_an_empty_line_or_at_the_end() throws IOException {
        assertThat(read(COMPLETE + "\nworker=9\n")).isEqualTo(read(COMPLETE));

        BootSettings settings = read(COMPLETE);
        assertThat(settings.socket()).isEqualTo(Path.of("/run/größe/s"));
        assertThat(settings.worker()).isEqualTo(2);
        assertThat(settings.generation()).isEqualTo(3);
        assertThat(settings.token()).containsExactly(0x00, 0xFF);
        assertThat(settings.parentPid()).isZero();
        assertThat(settings.handlers()).isEmpty();
        assertThat(settings.providers()).isEmpty();
        assertThat(settings.recorder()).isNull();
        assertThat(read(COMPLETE + "recorder=/dev/shm/p\n").recorder()).isEqualTo(Path.of("/dev/shm/p"));
    }

    @Test
    void the_token_is_in_no_text() throws IOException {
        assertThat(read(COMPLETE).toString()).doesNotContain("00ff");
        assertThatThrownBy(() -> read(COMPLETE.replace("00ff", "secret")))
                .isInstanceOf(BootException.class)
                .hasMessageContaining("'token'")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "worker=0",
                "worker=-1",
                "worker=x",
                "worker=99999999999",
                "worker=",
                "generation=0",
                "parentPid=0"
            })
    void a_number_that_cannot_be_is_named(String line) {
        assertThatThrownBy(() -> read(COMPLETE + line + "\n"))
                .isInstanceOf(BootException.class)
                .hasMessageContaining("'" + line.substring(0, line.indexOf('=')) + "'");
    }

    @Test
    void what_is_no_setting_is_refused() {
        assertThatThrownBy(() -> read("hello\n")).isInstanceOf(BootException.class);
    }
}
