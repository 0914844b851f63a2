package org.procpool.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On made-up machines. */
class ControlGroupsTest {

    @TempDir
    Path root;

    private FakeMachine machine;

    @BeforeEach
    void makeMachine() {
        machine = new FakeMachine(root);
    }

    private ControlGroups look() {
        return ControlGroups.look(root);
    }

    private void assertNone(boolean bounded, String why) {
        assertThatThrownBy(() -> look().choose(bounded))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(why);
    }

    @Test
    void machine_without_control_groups_has_none() {
        assertThat(look()).isEqualTo(new ControlGroups(null, false, null, null));
        assertThat(look().found()).isEqualTo("none");
        assertThat(look().boundMemory()).isFalse();
        assertNone(false, "none");
    }

    @Test
    void delegated_group_of_version_2_is_ours_to_divide() throws Exception {
        machine.versionTwo("/system.slice/procpool.service", "cpu memory pids");

        assertThat(look().found()).isEqualTo("version 2, with the memory controller, ours to divide");
        assertThat(look().boundMemory()).isTrue();
        assertThat(look().choose(true).number()).isEqualTo(2);
        assertThat(look().choose(true).own())
                .containsExactly(root.resolve("sys/fs/cgroup/system.slice/procpool.service"));
    }

    @Test
    void supervisor_that_has_left_its_group_for_one_in_it_divides_the_outer_one() throws Exception {
        machine.versionTwo("/service", "memory");
        machine.versionTwo("/service/procpool.supervisor", "memory");

        assertThat(look().choose(true).own()).containsExactly(root.resolve("sys/fs/cgroup/service"));
    }

    @Test
    void group_that_is_not_delegated_is_not_used() throws Exception {
        machine.file("proc/self/cgroup", "0::/service");
        machine.file("sys/fs/cgroup/cgroup.controllers", "memory");
        machine.file("sys/fs/cgroup/service/cgroup.controllers", "memory");

        assertThat(look().boundMemory()).isFalse();
        assertNone(true, "version 2, with the memory controller, not delegated to us");
    }

    @Test
    void without_the_memory_controller_workers_can_have_groups_but_no_bounds() throws Exception {
        machine.versionTwo("/service", "cpu pids");

        assertThat(look().found()).isEqualTo("version 2, without the memory controller, ours to divide");
        assertThat(look().choose(false).number()).isEqualTo(2);
        assertThat(look().boundMemory()).isFalse();
        assertNone(true, "without the memory controller");
    }

    @Test
    void beside_version_1_memory_is_bounded_by_that_and_all_else_is_left_to_version_2() throws Exception {
        machine.versionTwo("unified", "/", "");
        machine.versionOne("memory", "/jobs/7");
        machine.versionOne("freezer", "/");
        machine.file("proc/self/cgroup", "9:cpuset:/\n4:memory:/jobs/7\n2:freezer:/\n0::/");

        assertThat(look().found()).isEqualTo("version 1, with the memory controller, ours to divide");
        assertThat(look().choose(true).number()).isEqualTo(1);
        assertThat(look().choose(true).own())
                .containsExactly(root.resolve("sys/fs/cgroup/memory/jobs/7"), root.resolve("sys/fs/cgroup/freezer"));
        assertThat(look().choose(false).own()).containsExactly(root.resolve("sys/fs/cgroup/unified"));
    }

    @Test
    void version_1_does_without_a_freezer() throws Exception {
        machine.versionOne("memory", "/");
        machine.file("proc/self/cgroup", "4:memory:/\n2:freezer:/");

        assertThat(look().choose(true).own()).containsExactly(root.resolve("sys/fs/cgroup/memory"));
    }

    @Test
    void path_of_the_host_in_a_container_means_what_is_mounted() throws Exception {
        machine.versionOne("memory", "/");
        for (String path : new String[] {"/docker/4711", "/../elsewhere"}) {
            machine.file("proc/self/cgroup", "5:cpu,memory:" + path);

            assertThat(look().memory()).isEqualTo(root.resolve("sys/fs/cgroup/memory"));
        }
    }
}
