package org.procpool.server.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InheritedSocketsTest {

    private static Map<String, Integer> named(String... variables) {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return InheritedSockets.named(environment, 17);
    }

    @Test
    void sockets_are_told_apart_by_their_names() {
        assertThat(named("LISTEN_PID", "17", "LISTEN_FDS", "2", "LISTEN_FDNAMES", "admin:clients"))
                .isEqualTo(Map.of("admin", 3, "clients", 4));
    }

    @Test
    void socket_without_a_name_of_ours_is_for_clients() {
        assertThat(named("LISTEN_PID", "17", "LISTEN_FDS", "1")).isEqualTo(Map.of("clients", 3));
        assertThat(named("LISTEN_PID", "17", "LISTEN_FDS", "1", "LISTEN_FDNAMES", "procpool.socket"))
                .isEqualTo(Map.of("clients", 3));
    }

    @Test
    void sockets_of_another_process_are_left_alone() {
        assertThat(named("LISTEN_PID", "18", "LISTEN_FDS", "1")).isEmpty();
        assertThat(named("LISTEN_FDS", "1")).isEmpty();
        assertThat(named("LISTEN_PID", "17", "LISTEN_FDS", "many")).isEmpty();
    }
}
