package org.procpool.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written to which files of a made-up machine; what the kernel makes of it is for {@link RealGroupsTest}. */
class PoolGroupsTest {

    private static final long BOUND = 512L << 20;
    private static final String SERVICE = "sys/fs/cgroup/service";
    private static final String SELF = Long.toString(ProcessHandle.current().pid());

    @TempDir
    Path root;

    private FakeMachine machine;
    private Path directory;

    @BeforeEach
    void makeMachine() throws IOException {
        machine = new FakeMachine(root);
        directory = Files.createDirectories(root.resolve("run/pool-4711"));
    }

    private PoolGroups open(GroupOptions options) throws IOException {
        return PoolGroups.open(root, options, directory);
    }

    private static String pool(String file) {
        return SERVICE + "/procpool.pool-4711/" + file;
    }

    // ---- version 2

    @Test
    void supervisor_leaves_its_group_before_that_is_divided() throws Exception {
        machine.versionTwo("/service", "memory");

        PoolGroups groups = open(GroupOptions.memory(BOUND));

        assertThat(machine.text(SERVICE + "/procpool.supervisor/cgroup.procs")).isEqualTo(SELF);
        assertThat(machine.text(SERVICE + "/cgroup.subtree_control")).isEqualTo("+memory");
        assertThat(machine.text(pool("cgroup.subtree_control"))).isEqualTo("+memory");
        assertThat(groups.obstacle()).isEmpty();
        assertThat(groups.state())
                .isEqualTo(new GroupState(
                        2,
                        BOUND,
                        "each worker has a control group of its own (version 2, below " + root.resolve(pool(""))
                                + ") with 512m of memory at most"));
    }

    @Test
    void group_that_is_divided_already_is_left_as_it_is() throws Exception {
        machine.versionTwo("/service", "memory");
        machine.file(SERVICE + "/cgroup.subtree_control", "cpu memory");

        open(GroupOptions.memory(BOUND));

        assertThat(root.resolve(SERVICE + "/procpool.supervisor")).doesNotExist();
        assertThat(machine.text(SERVICE + "/cgroup.subtree_control")).isEqualTo("cpu memory");
    }

    @Test
    void group_that_cannot_be_divided_gets_its_supervisor_back() throws Exception {
        machine.versionTwo("/service", "memory");
        Path file = root.resolve(SERVICE + "/cgroup.subtree_control");
        Files.delete(file);
        Files.createDirectory(file);

        PoolGroups groups = open(GroupOptions.memory(BOUND));

        assertThat(machine.text(SERVICE + "/cgroup.procs")).isEqualTo(SELF);
        assertThat(groups.state().version()).isZero();
        assertThat(groups.obstacle()).contains("the memory of").contains("cannot be divided");
    }

    @Test
    void worker_gets_a_group_with_its_bound() throws Exception {
        machine.versionTwo("/service", "memory");

        WorkerGroup worker = open(GroupOptions.memory(BOUND)).worker("w1.2");

        assertThat(machine.text(pool("w1.2/memory.max"))).isEqualTo(Long.toString(BOUND));
        assertThat(worker.words())
                .startsWith("sh", "-c")
                .endsWith(root.resolve(pool("w1.2/cgroup.procs")).toString(), "--");
    }

    @Test
    void kernels_kill_is_known_by_its_counter_and_told_with_the_bound() throws Exception {
        machine.versionTwo("/service", "memory");
        WorkerGroup worker = open(GroupOptions.memory(BOUND)).worker("w1.2");
        assertThat(worker.killedForMemory()).isEmpty();

        machine.file(pool("w1.2/memory.events"), "low 0\nhigh 0\nmax 9\noom 0\noom_kill 0\noom_group_kill 0");
        assertThat(worker.killedForMemory()).isEmpty();
        machine.file(pool("w1.2/memory.events"), "low 0\nhigh 0\nmax 9\noom 1\noom_kill 2\noom_group_kill 0");
        assertThat(worker.killedForMemory())
                .isEqualTo("killed by the kernel at its bound of 512m (oom_kill 2); give it more by max-worker-memory,"
                        + " or the task less");
        machine.file(pool("w1.2/memory.events"), "low 0\nhigh 0\nmax 0\noom 0\noom_kill 1\noom_group_kill 0");
        assertThat(worker.killedForMemory())
                .startsWith("killed by the kernel (oom_kill 1), which had no memory left for the machine");
    }

    // ---- version 1

    @Test
    void bound_of_version_1_counts_swap_where_the_kernel_does() throws Exception {
        machine.versionOne("memory", "/job");
        machine.versionOne("freezer", "/");
        machine.file("proc/self/cgroup", "4:memory:/job\n2:freezer:/");
        PoolGroups groups = open(GroupOptions.memory(BOUND));
        String worker = "sys/fs/cgroup/memory/job/procpool.pool-4711/w1.1";

        WorkerGroup group = groups.worker("w1.1");

        assertThat(groups.state().version()).isEqualTo(1);
        assertThat(machine.text(worker + "/memory.limit_in_bytes")).isEqualTo(Long.toString(BOUND));
        assertThat(root.resolve(worker + "/memory.memsw.limit_in_bytes")).doesNotExist();
        assertThat(group.words())
                .endsWith(
                        root.resolve(worker + "/cgroup.procs").toString(),
                        root.resolve("sys/fs/cgroup/freezer/procpool.pool-4711/w1.1/cgroup.procs")
                                .toString(),
                        "--");

        machine.file(worker + "/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 1");
        machine.file(worker + "/memory.max_usage_in_bytes", Long.toString(BOUND - 4096));
        assertThat(group.killedForMemory()).contains("at its bound of 512m (oom_kill 1)");
        machine.file(worker + "/memory.max_usage_in_bytes", Long.toString(BOUND / 2));
        assertThat(group.killedForMemory()).contains("no memory left for the machine");

        machine.file(worker + "/memory.memsw.limit_in_bytes", "");
        new VersionOne(root, null).bound(List.of(root.resolve(worker)), 7);
        assertThat(machine.text(worker + "/memory.memsw.limit_in_bytes")).isEqualTo("7");
    }

    // ---- none

    @Test
    void where_there_can_be_none_the_pool_says_why_and_what_is_in_force() throws Exception {
        machine.versionTwo("/service", "cpu");

        PoolGroups groups = open(GroupOptions.memory(BOUND));

        assertThat(groups.state())
                .isEqualTo(new GroupState(
                        0,
                        BOUND,
                        "max-worker-memory of 512m bounds only the heap of Java workers: of control groups this machine"
                                + " has for us: version 2, without the memory controller, ours to divide"));
        assertThat(groups.worker("w1.1").words()).isEmpty();
        assertThat(groups.worker("w1.1").killedForMemory()).isEmpty();
        assertNothingIsMade();
    }

    @Test
    void what_is_required_and_cannot_be_keeps_the_pool_from_starting() throws Exception {
        machine.versionTwo("/service", "cpu");

        assertThatThrownBy(() -> open(GroupOptions.memory(BOUND).withUse(GroupUse.REQUIRED)))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("worker-cgroups is required, but workers can have no control groups of their"
                        + " own (of control groups this machine has for us: version 2, without the memory controller")
                .hasMessageContaining("Delegate=yes");
        assertNothingIsMade();
    }

    @Test
    void what_is_off_touches_nothing() throws Exception {
        machine.versionTwo("/service", "memory");

        assertThat(open(GroupOptions.NONE).state()).isEqualTo(GroupState.NONE);
        assertThat(open(GroupOptions.memory(BOUND).withUse(GroupUse.OFF))
                        .state()
                        .inForce())
                .isEqualTo("max-worker-memory of 512m bounds only the heap of Java workers: worker-cgroups is off");
        assertNothingIsMade();
    }

    private void assertNothingIsMade() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            assertThat(files.map(Path::toString)).noneMatch(file -> file.contains("procpool."));
        }
    }

    @Test
    void bound_out_of_its_range_is_refused() {
        assertThatThrownBy(() -> GroupOptions.memory(1 << 20))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("max-worker-memory is 1048576 bytes, allowed is 16m to 1t, or 0 for no bound");
    }
}
