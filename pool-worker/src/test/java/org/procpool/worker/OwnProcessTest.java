package org.procpool.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OwnProcessTest {

    @Test
    void the_same_is_seen_as_through_the_process_handle() {
        ProcessHandle self = ProcessHandle.current();
        long parent = self.parent().map(ProcessHandle::pid).orElse(0L);

        assertThat(OwnProcess.look()).isEqualTo(new OwnProcess(self.pid(), parent));
    }

    @Test
    void a_program_name_with_spaces_and_parentheses_does_not_mislead() {
        assertThat(OwnProcess.parse("42 (a) (b c) S 7 42 42 0 -1")).isEqualTo(new OwnProcess(42, 7));
    }
}
