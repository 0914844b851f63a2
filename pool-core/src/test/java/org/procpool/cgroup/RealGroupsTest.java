package org.procpool.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * With the kernel of this machine, where it lets us: bounded groups are of version 1 where that has the memory
 * controller, the others of version 2 if that is mounted at all.
 */
@Timeout(60)
class RealGroupsTest {

    private static final Path ROOT = Path.of("/");
    private static final long BOUND = 64L << 20;
    /** Each with a length of its own, so that no test takes another's for its own. */
    private static final String SLEEP = "sleep 600." + System.nanoTime();

    @TempDir
    Path temp;

    private Path directory;
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void makeDirectory() throws IOException {
        // The name of a pool's directory is the name of its groups, and the kernel's folder is one for all tests.
        directory = Files.createTempDirectory(temp, "pool-");
    }

    @AfterEach
    void endAll() {
        started.forEach(process -> process.toHandle().destroyForcibly());
    }

    private PoolGroups open(boolean bounded) throws IOException {
        int version = 0;
        try {
            version = ControlGroups.look(ROOT).choose(bounded).number();
            return PoolGroups.open(ROOT, new GroupOptions(GroupUse.REQUIRED, bounded ? BOUND : 0), directory);
        } catch (IOException e) {
            // In version 2 it takes trying to know whether others are in the same group.
            Assumptions.assumeTrue(version == 1, "no control groups here to try: " + e.getMessage());
            throw e;
        }
    }

    private Process start(WorkerGroup group, String script) throws IOException {
        List<String> words = new ArrayList<>(group.words());
        words.addAll(List.of("sh", "-c", script));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        started.add(process);
        return process;
    }

    private static int exitCode(Process process) throws InterruptedException {
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private List<Path> recorded() throws IOException {
        return Files.readAllLines(directory.resolve("control-groups")).stream()
                .map(Path::of)
                .toList();
    }

    /** Those that live: who is dead and not reaped yet is no member any more. */
    private List<Long> members() throws IOException {
        return Members.of(recorded().get(0));
    }

    private static void assertGone(List<Path> groups) {
        assertThat(groups).isNotEmpty().allSatisfy(group -> assertThat(group).doesNotExist());
    }

    @Test
    void kernel_kills_what_exceeds_the_bound_and_counts_it() throws Exception {
        try (PoolGroups groups = open(true)) {
            WorkerGroup greedy = groups.worker("w1.1");
            WorkerGroup modest = groups.worker("w2.1");
            Process other = start(modest, "exec " + SLEEP);
            // What has no line end has to be kept until it has one.
            Process process = start(greedy, "head -c 300000000 /dev/zero | tail >/dev/null; kill -9 $$");

            assertThat(exitCode(process)).isEqualTo(137);
            assertThat(greedy.killedForMemory()).startsWith("killed by the kernel at its bound of 64m (oom_kill 1)");
            assertThat(modest.killedForMemory()).isEmpty();
            assertThat(other.isAlive()).isTrue();
            assertThat(greedy.end().get(20, TimeUnit.SECONDS)).isTrue();
            assertThat(modest.end().get(20, TimeUnit.SECONDS)).isTrue();
        }
        assertGone(recorded());
    }

    @Test
    void what_somebody_else_kills_was_not_killed_for_memory() throws Exception {
        try (PoolGroups groups = open(true)) {
            WorkerGroup group = groups.worker("w1.1");

            assertThat(exitCode(start(group, "kill -9 $$"))).isEqualTo(137);
            assertThat(group.killedForMemory()).isEmpty();
            group.end();
        }
        assertGone(recorded());
    }

    @ParameterizedTest(name = "bounded: {0}")
    @ValueSource(booleans = {true, false})
    void whatever_has_left_session_and_parents_is_killed_with_the_group(boolean bounded) throws Exception {
        try (PoolGroups groups = open(bounded)) {
            WorkerGroup group = groups.worker("w1.1");
            Process process = start(group, "(setsid env -i sh -c '" + SLEEP + " & wait' &) ; exec " + SLEEP);
            Awaitility.await().until(() -> members().size() == 3);

            group.kill();

            assertThat(exitCode(process)).isEqualTo(137);
            Awaitility.await().until(() -> members().isEmpty());
            group.end();
        }
        assertGone(recorded());
    }

    @ParameterizedTest(name = "bounded: {0}")
    @ValueSource(booleans = {true, false})
    void end_kills_what_a_dead_worker_has_left_and_removes_the_group(boolean bounded) throws Exception {
        try (PoolGroups groups = open(bounded)) {
            WorkerGroup group = groups.worker("w1.1");
            exitCode(start(group, "(setsid env -i " + SLEEP + " >/dev/null 2>&1 &)"));
            Awaitility.await().until(() -> members().size() == 1);

            assertThat(group.end().get(20, TimeUnit.SECONDS)).isTrue();
        }
        assertGone(recorded());
    }

    @ParameterizedTest(name = "bounded: {0}")
    @ValueSource(booleans = {true, false})
    void frozen_group_can_be_killed(boolean bounded) throws Exception {
        try (PoolGroups groups = open(bounded)) {
            WorkerGroup group = groups.worker("w1.1");
            Process process = start(group, SLEEP + " & " + SLEEP + " & wait");
            Awaitility.await().until(() -> members().size() == 3);
            freeze(recorded().get(recorded().size() - 1).resolve("w1.1"));

            group.kill();

            assertThat(exitCode(process)).isEqualTo(137);
            assertThat(group.end().get(20, TimeUnit.SECONDS)).isTrue();
        }
        assertGone(recorded());
    }

    private static void freeze(Path group) throws IOException {
        if (Files.exists(group.resolve("cgroup.freeze"))) {
            Files.writeString(group.resolve("cgroup.freeze"), "1");
            Awaitility.await()
                    .until(() ->
                            Files.readString(group.resolve("cgroup.events")).contains("frozen 1"));
        } else if (Files.exists(group.resolve("freezer.state"))) {
            Files.writeString(group.resolve("freezer.state"), "FROZEN");
            Awaitility.await()
                    .until(() ->
                            Files.readString(group.resolve("freezer.state")).startsWith("FROZEN"));
        }
    }

    @ParameterizedTest(name = "bounded: {0}")
    @ValueSource(booleans = {true, false})
    void what_a_dead_pool_has_left_is_ended_by_its_record_and_nobody_elses_is(boolean bounded) throws Exception {
        Process own = start(open(bounded).worker("w1.1"), "exec " + SLEEP);
        Awaitility.await().until(() -> members().size() == 1);
        List<Path> dead = recorded();
        Path other = Files.createTempDirectory(temp, "pool-");
        Files.copy(directory.resolve("control-groups"), other.resolve("control-groups"));

        PoolGroups.endOfPool(other);
        assertThat(members()).hasSize(1);
        PoolGroups.endOfPool(directory);

        assertThat(exitCode(own)).isEqualTo(137);
        assertGone(dead);
        // Once more, or without a record, is none of its business.
        PoolGroups.endOfPool(directory);
        PoolGroups.endOfPool(temp);
    }

    @Test
    void process_that_cannot_join_its_group_does_not_run() throws Exception {
        WorkerGroup group = new WorkerGroup(new VersionTwo(temp), List.of(temp.resolve("nowhere")), 0);
        Process process = start(group, "touch " + temp.resolve("ran"));

        assertThat(exitCode(process)).isNotZero();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("procpool: control group")
                .contains("nowhere");
        try (Stream<Path> files = Files.list(temp)) {
            assertThat(files).noneMatch(file -> file.endsWith("ran"));
        }
    }
}
