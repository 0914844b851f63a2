package org.procpool.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procpool.process.MemoryPlan.Origin;

class MemoryPlanTest {

    private static final long MIB = 1 << 20;
    private static final long GIB = 1 << 30;

    @TempDir
    private Path root;

    private static MemoryPlan plan(long totalMib, int workers) {
        return MemoryPlan.of(memory(totalMib * MIB), totalMib * MIB / 4, workers, 0, List.of());
    }

    private static MachineMemory memory(long bytes) {
        return new MachineMemory(bytes, "control group");
    }

    @Test
    void what_the_supervisor_leaves_is_divided_with_an_allowance_beside_each_heap() {
        // 2048 less 512 + 100, by 5, less 60, in steps of 16.
        MemoryPlan plan = plan(2_048, 5);
        assertThat(plan.heapBytes()).isEqualTo(224 * MIB);
        assertThat(plan.origin()).isEqualTo(Origin.SHARE);
        assertThat(plan.heapArgs()).containsExactly("-Xmx224m");
        assertThat(plan.plannedBytes(5)).isEqualTo((612 + 5 * (224 + 60)) * MIB).isLessThanOrEqualTo(2 * GIB);
        assertThat(plan.refusal()).isNull();
        assertThat(plan.warning()).isNull();
    }

    @Test
    void whatever_there_is_the_plan_fits_or_is_refused() {
        for (long mib = 64; mib <= 65_536; mib += mib / 7 + 1) {
            for (int workers : new int[] {1, 2, 3, 8, 33, 200}) {
                MemoryPlan plan = plan(mib, workers);
                boolean fits = plan.plannedBytes(workers) > 0 && plan.plannedBytes(workers) <= mib * MIB;
                assertThat(fits && plan.heapBytes() >= MemoryPlan.HEAP_MIN_BYTES)
                        .as("%d MiB for %d workers: %s", mib, workers, plan)
                        .isEqualTo(plan.refusal() == null);
            }
        }
    }

    @Test
    void a_large_machine_gives_a_worker_a_gibibyte_that_begins_small() {
        MemoryPlan plan = plan(24_000, 3);
        assertThat(plan.heapBytes()).isEqualTo(GIB);
        assertThat(plan.heapArgs()).containsExactly("-Xms256m", "-Xmx1024m");
    }

    @Test
    void what_cannot_fit_is_refused_with_the_numbers() {
        assertThat(plan(512, 8).refusal())
                .isEqualTo("the memory does not suffice for 8 workers, spares included: of 512m (control group) this"
                        + " process may take 228m, which leaves 35.5m for each, and a worker needs 32m of heap and 60m"
                        + " beside it; give it more memory or fewer workers, a smaller heap to this process"
                        + " (PROCPOOL_JAVA_OPTS=-Xmx…), or say --worker-heap yourself");
    }

    @Test
    void what_is_asked_for_wins_and_is_only_warned_of() {
        MemoryPlan option = MemoryPlan.of(memory(GIB), 256 * MIB, 3, 512 * MIB, List.of("-Da=b"));
        assertThat(option.heapBytes()).isEqualTo(512 * MIB);
        assertThat(option.origin()).isEqualTo(Origin.OPTION);
        assertThat(option.refusal()).isNull();
        assertThat(option.warning())
                .startsWith("3 workers, spares included, of 512m heap and 60m beside it")
                .contains("2g of 1g");

        MemoryPlan arguments =
                MemoryPlan.of(memory(GIB), 256 * MIB, 3, 512 * MIB, List.of("-Xmx64m", "-XX:MaxHeapSize=128M"));
        assertThat(arguments.heapBytes()).isEqualTo(128 * MIB);
        assertThat(arguments.origin()).isEqualTo(Origin.ARGUMENTS);
        assertThat(arguments.heapArgs()).isEmpty();
        assertThat(arguments.warning()).isNull();

        MemoryPlan unreadable = MemoryPlan.of(memory(GIB), 256 * MIB, 3, 0, List.of("-Xmxmuch"));
        assertThat(unreadable.plannedBytes(3)).isZero();
        assertThat(unreadable.warning()).isNull();
    }

    @Test
    void where_nothing_is_known_a_worker_gets_what_is_usual() {
        MemoryPlan plan = MemoryPlan.of(MachineMemory.UNKNOWN, GIB, 500, 0, List.of());
        assertThat(plan.heapArgs()).containsExactly("-Xmx256m");
        assertThat(plan.origin()).isEqualTo(Origin.DEFAULT);
        assertThat(plan.refusal()).isNull();
        assertThat(plan.warning()).isNull();
    }

    // ---- what there is

    private void file(String path, String text) throws Exception {
        Files.createDirectories(root.resolve(path).getParent());
        Files.writeString(root.resolve(path), text);
    }

    @Test
    void a_machine_without_limits_gives_all_it_has() throws Exception {
        assertThat(MachineMemory.look(root)).isEqualTo(MachineMemory.UNKNOWN);
        file("proc/meminfo", "MemTotal:       24684084 kB\nMemFree: 1 kB\n");
        file("proc/self/cgroup", "4:memory:/job\n0::/\n");
        file("sys/fs/cgroup/memory/job/memory.limit_in_bytes", "9223372036854771712\n");
        assertThat(MachineMemory.look(root)).isEqualTo(new MachineMemory(24_684_084L << 10, "machine"));
    }

    @Test
    void the_least_limit_of_a_group_and_those_above_it_counts() throws Exception {
        file("proc/meminfo", "MemTotal:       24684084 kB\n");
        file("proc/self/cgroup", "0::/a.slice/b.service\n");
        file("sys/fs/cgroup/a.slice/memory.max", "1073741824\n");
        file("sys/fs/cgroup/a.slice/b.service/memory.max", "max\n");
        assertThat(MachineMemory.look(root)).isEqualTo(memory(GIB));
        file("sys/fs/cgroup/a.slice/b.service/memory.max", "536870912\n");
        assertThat(MachineMemory.look(root)).isEqualTo(memory(GIB / 2));
    }

    @Test
    void version_1_counts_too_and_in_a_container_the_path_may_be_one_of_the_host() throws Exception {
        file("proc/meminfo", "MemTotal:       24684084 kB\n");
        file("proc/self/cgroup", "5:cpu,memory:/docker/4711\n");
        file("sys/fs/cgroup/memory/memory.limit_in_bytes", "268435456\n");
        assertThat(MachineMemory.look(root)).isEqualTo(memory(GIB / 4));
    }

    @Test
    void more_than_the_machine_has_is_no_limit() throws Exception {
        file("proc/meminfo", "MemTotal:       1048576 kB\n");
        file("proc/self/cgroup", "0::/\n");
        file("sys/fs/cgroup/memory.max", "99999999999\n");
        assertThat(MachineMemory.look(root)).isEqualTo(new MachineMemory(GIB, "machine"));
    }

    @Test
    void more_workers_than_the_heap_was_worked_out_for_are_refused_with_the_numbers_when_they_do_not_fit() {
        MemoryPlan plan = plan(2_048, 5);
        assertThat(plan.scaleRefusal(5)).isNull();
        assertThat(plan.scaleRefusal(6))
                .isEqualTo("6 workers, spares included, of 224m heap and 60m beside it, and this process with 612m,"
                        + " may take 2.2g of 2g (control group); their heap was worked out at the start, for 5: start"
                        + " it with more workers, or with a smaller --worker-heap");
        assertThat(plan.scaleWarning(6)).isNull();
        assertThat(plan(24_000, 3).scaleRefusal(16)).as("there is room").isNull();
    }

    @Test
    void a_heap_that_was_asked_for_is_only_warned_of() {
        MemoryPlan plan = MemoryPlan.of(memory(2 * GIB), GIB, 2, 400 * MIB, List.of());
        assertThat(plan.scaleRefusal(9)).isNull();
        assertThat(plan.scaleWarning(2)).isNull();
        assertThat(plan.scaleWarning(3)).contains("3 workers", "of 400m heap", "of 2g (control group)");
        MemoryPlan unknown = MemoryPlan.of(new MachineMemory(0, "unknown"), GIB, 2, 0, List.of());
        assertThat(unknown.scaleRefusal(1_000)).isNull();
        assertThat(unknown.scaleWarning(1_000)).isNull();
    }

    @Test
    void bound_of_each_worker_leaves_room_beside_its_heap_unless_that_was_asked_for() {
        MemoryPlan plan = plan(2_048, 5);
        assertThat(plan.heapBytes()).isEqualTo(224 * MIB);
        assertThat(plan.within(0)).isEqualTo(plan);
        assertThat(plan.within(284 * MIB)).isEqualTo(plan);
        MemoryPlan bounded = plan.within(256 * MIB);
        assertThat(bounded.heapArgs()).containsExactly("-Xmx196m");
        assertThat(bounded.origin().label()).isEqualTo("max-worker-memory");
        assertThat(bounded.refusal()).isNull();
        MemoryPlan asked = MemoryPlan.of(memory(2 * GIB), GIB, 2, 400 * MIB, List.of());
        assertThat(asked.within(256 * MIB)).isEqualTo(asked);
    }
}
