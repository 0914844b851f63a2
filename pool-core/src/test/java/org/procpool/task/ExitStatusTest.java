package org.procpool.task;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitStatusTest {

    @ParameterizedTest
    @CsvSource({
        "0, EXIT_0, exit code 0",
        "3, EXIT_3, exit code 3",
        "128, EXIT_128, exit code 128",
        "134, SIGABRT, signal 6 (SIGABRT)",
        "137, SIGKILL, signal 9 (SIGKILL)",
        "139, SIGSEGV, signal 11 (SIGSEGV)",
        "143, SIGTERM, signal 15 (SIGTERM)",
        "192, SIGNAL_64, signal 64 (SIGNAL_64)",
        "193, EXIT_193, exit code 193"
    })
    void exits_are_told_by_code_or_signal_name(int code, String name, String text) {
        assertThat(new ExitStatus(code).name()).isEqualTo(name);
        assertThat(new ExitStatus(code)).hasToString(text);
    }
}
