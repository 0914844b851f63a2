package org.procpool.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessStatTest {

    private static final String FIELDS =
            " T 1 4711 4710 0 -1 4194560 100 0 0 0 31 11 5 5 20 0 9 0 987654 1000 200 18446744\n";

    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"java", "a b", "a) R 1 (b", ") S 2 3 4", "(", "", "two\nlines"})
    void command_name_may_hold_anything(String name) {
        ProcessStat stat = ProcessStat.parse("4711 (" + name + ")" + FIELDS);

        assertThat(stat).isEqualTo(new ProcessStat('T', 4710, 42, 987654));
        assertThat(stat.isStopped()).isTrue();
        assertThat(stat.isDead()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "4711", "4711 (java)", "4711 (java) S 1 2", "4711 (java) S 1 2 x 4 5 6 7 8 9 10 11 12"})
    void what_is_no_stat_is_refused(String text) {
        assertThatThrownBy(() -> ProcessStat.parse(text)).isInstanceOf(RuntimeException.class);
    }

    @Test
    void this_process_is_neither_stopped_nor_dead_and_uses_memory() {
        ProcessLook look = ProcessStat.look(ProcessHandle.current().pid());

        assertThat(look.stopped()).isFalse();
        assertThat(look.cpuNanos()).isPositive();
        assertThat(look.residentBytes()).isGreaterThan(1 << 20);
    }

    @Test
    void nobody_has_no_stat() {
        assertThat(ProcessStat.look(Long.MAX_VALUE)).isNull();
        assertThat(ProcessStat.read(-1)).isNull();
    }

    @Test
    void memory_that_is_not_told_counts_as_none() throws Exception {
        Path status = Files.writeString(temp.resolve("status"), "Name:\tVmRSS:\nVmRSS:\t  12 kB\n");
        assertThat(ProcessStat.residentBytes(status)).isEqualTo(12 * 1024);
        assertThat(ProcessStat.residentBytes(Files.writeString(status, "VmRSS: many kB\n")))
                .isZero();
        assertThat(ProcessStat.residentBytes(temp.resolve("none"))).isZero();
    }
}
