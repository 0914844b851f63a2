package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procpool.PoolOptions;
import org.procpool.ProcessPool;
import org.procpool.cgroup.GroupOptions;
import org.procpool.cgroup.GroupUse;
import org.procpool.cgroup.PoolGroups;
import org.procpool.proto.OutcomeKind;
import org.procpool.system.Cli.Service;
import org.procpool.task.Autopsy;
import org.procpool.task.Departure;
import org.procpool.task.ExecTask;
import org.procpool.task.Outcome;

/** Workers in control groups of their own, of the kernel of this machine, where it lets us make some. */
@ExtendWith(LeakCheck.class)
class ControlGroupTest {

    private static final long BOUND = 160L << 20;

    @BeforeEach
    void assumeThatThereAreSome() {
        GroupOptions required = GroupOptions.memory(BOUND).withUse(GroupUse.REQUIRED);
        try {
            PoolGroups.open(Path.of("/"), required, LeakCheck.workDirectory()).close();
        } catch (IOException e) {
            Assumptions.abort("no control groups here to try: " + e.getMessage());
        }
    }

    private static PoolOptions bounded(PoolOptions options) {
        return options.withPrograms(
                        options.programs().withGroups(GroupOptions.memory(BOUND).withUse(GroupUse.REQUIRED)))
                .withWorkerJvmArgs(List.of("-Xmx64m", "-XX:MaxDirectMemorySize=1g"));
    }

    /** Those of the only pool on the test's run directory. */
    private static List<Path> groups() throws IOException {
        try (Stream<Path> pools = Files.list(LeakCheck.runDirectory())) {
            Path pool = pools.filter(entry -> entry.getFileName().toString().startsWith("pool-"))
                    .findFirst()
                    .orElseThrow();
            return Files.readAllLines(pool.resolve("control-groups")).stream()
                    .map(Path::of)
                    .toList();
        }
    }

    private static void assertGone(List<Path> groups) {
        assertThat(groups).isNotEmpty().allSatisfy(group -> assertThat(group).doesNotExist());
    }

    private static long escaped() throws Exception {
        Path file = escapedFile();
        Eventually.until("the child runs", () -> Files.exists(file));
        return Long.parseLong(Files.readString(file).strip());
    }

    private static Path escapedFile() {
        return LeakCheck.workDirectory().resolve("escaped");
    }

    @Test
    void worker_that_takes_more_than_its_bound_is_killed_by_the_kernel_and_no_other_is() throws Exception {
        Events events = new Events();
        Path open = LeakCheck.workDirectory().resolve("open");
        List<Path> groups;
        try (ProcessPool pool = Pools.start(ControlGroupTest::bounded, events)) {
            groups = groups();
            CompletableFuture<Outcome> neighbour = pool.submit("gate", open.toString());
            Pools.untilRunning(pool, "gate", 1);

            Outcome lost = Pools.run(pool, "hoard-native", "");

            assertThat(lost.kind()).isEqualTo(OutcomeKind.WORKER_LOST);
            assertThat(lost.error().type()).isEqualTo("OUT_OF_MEMORY");
            assertThat(lost.error().message())
                    .contains("died while running it: out of memory: killed by the kernel at its bound of 160m"
                            + " (oom_kill 1); give it more by max-worker-memory");
            assertThat(lost.error().autopsy())
                    .contains("left: OUT_OF_MEMORY: out of memory: killed by the kernel at its bound of 160m");
            Eventually.until("its end is told", () -> !events.exited.isEmpty());
            Autopsy autopsy = events.exited.get(0);
            assertThat(autopsy.why()).isEqualTo(Departure.OUT_OF_MEMORY);
            assertThat(autopsy.end()).isNotNull();
            assertThat(autopsy.end().heapFull()).isFalse();
            assertThat(autopsy.end().exit().name()).isEqualTo("SIGKILL");
            Files.createFile(open);
            assertThat(Pools.outcome(neighbour).succeeded()).isTrue();
            // Its successor has a group with a counter of its own.
            Pools.untilIdle(pool, 2);
            Processes.signal(Pools.worker(pool, autopsy.worker().slot()).pid(), "KILL");
            Eventually.until("the second end is told", () -> events.exited.size() == 2);
            assertThat(events.exited.get(1).why()).isEqualTo(Departure.CRASHED);
        }
        assertGone(groups);
    }

    @Test
    void command_that_takes_more_than_its_workers_bound_costs_its_task_and_not_the_worker() throws Exception {
        Events events = new Events();
        ExecTask hog = new ExecTask("hog", List.of("sh", "-c", "head -c 400000000 /dev/zero | tail"));
        try (ProcessPool pool = Pools.start(
                options -> {
                    PoolOptions bounded = bounded(options.withWorkers(1));
                    return bounded.withPrograms(bounded.programs().withExec(hog));
                },
                events)) {
            assertThat(Pools.run(pool, "hog", "").kind()).isEqualTo(OutcomeKind.FAILED);
            assertThat(Pools.run(pool, "echo", "there").succeeded()).isTrue();
            assertThat(events.exited).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"crash", "stop"})
    void child_that_has_shed_session_parent_and_environment_goes_with_its_worker(String way) throws Exception {
        List<Path> groups;
        try (ProcessPool pool = Pools.start(options -> bounded(options.withWorkers(1)))) {
            groups = groups();
            pool.submit("spawn-away", escapedFile().toString());
            long child = escaped();
            assertThat(Processes.isGone(child)).isFalse();
            if (way.equals("crash")) {
                Processes.signal(Pools.worker(pool, 1).pid(), "KILL");
            } else {
                Eventually.value(pool.stop());
            }
            Eventually.until("the child is gone", () -> Processes.isGone(child));
        }
        assertGone(groups);
    }

    @Test
    void what_a_killed_service_has_left_in_its_groups_goes_at_the_next_start() throws Exception {
        String[] options = {"--workers", "1", "--max-worker-memory", "160m", "--worker-cgroups", "required"};
        List<Path> groups;
        long child;
        try (Service service = Service.start(options)) {
            groups = groups();
            service.run("submit", "spawn-away", "--text", escapedFile().toString(), "--detach");
            child = escaped();
            service.program.signal("KILL");
            service.program.exitCode();
        }
        assertThat(Processes.isGone(child)).isFalse();
        assertThat(groups).allSatisfy(group -> assertThat(group).isDirectory());

        try (Service service = Service.start(options)) {
            Eventually.until("the child is gone", () -> Processes.isGone(child));
            assertGone(groups);
            assertThat(service.terminate()).isZero();
        }
    }

    @Test
    void service_says_in_its_log_and_its_status_which_bound_is_in_force() throws Exception {
        try (Service service = Service.start("--max-worker-memory", "160m")) {
            String line =
                    "each worker has a control group of its own \\(version [12], below /sys/fs/cgroup/\\S+\\) with"
                            + " 160m of memory at most";
            service.program.line(line);
            assertThat(service.run("status").output()).containsPattern("cgroups  " + line);
            assertThat(service.run("status", "--json").output())
                    .containsPattern(
                            "\"workerCgroups\" ?: ?\\{\\s*\"version\" ?: ?[12],\\s*\"memoryBytesMax\" ?: ?" + BOUND);
            assertThat(service.terminate()).isZero();
        }
        try (Service service = Service.start("--max-worker-memory", "160m", "--worker-cgroups", "off")) {
            service.program.line(
                    "max-worker-memory of 160m bounds only the heap of Java workers: worker-cgroups is off");
            assertThat(service.terminate()).isZero();
        }
    }
}
