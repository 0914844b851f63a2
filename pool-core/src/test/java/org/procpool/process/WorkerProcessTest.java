package org.procpool.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procpool.cgroup.PoolGroups;
import org.procpool.proto.Wire;
import org.procpool.recorder.ClaimState;
import org.procpool.recorder.RecorderOptions;
import org.procpool.recorder.SupervisorPage;
import org.procpool.task.WorkerEnd;
import org.procpool.task.WorkerId;

/** Real processes, which die in all sorts of ways. */
@Timeout(60)
class WorkerProcessTest {

    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final WorkerId WORKER = new WorkerId(1, 1);

    @TempDir
    Path temp;

    private Path base;
    private RunDirectory directory;
    private Witness witness = new Witness();
    private @Nullable WorkerProcess process;

    @BeforeEach
    void openDirectory() throws IOException {
        base = temp.resolve("run");
        directory = RunDirectory.create(base, Enclosure.NONE);
    }

    @AfterEach
    void endAll() throws Exception {
        if (process != null) {
            process.kill();
            witness.end();
        }
        directory.close();
    }

    /** A script that is called like Java is, and runs the victim instead of a worker. */
    private Path java(String victim) throws IOException {
        return script("i=1; n=$#; while [ $i -lt $n ]; do set -- \"$@\" \"$1\"; shift; i=$((i+1)); done; shift\n"
                + "exec " + JAVA + " \"$@\" " + Victim.class.getName() + " " + victim);
    }

    private Path script(String text) throws IOException {
        return Files.writeString(
                Files.createFile(
                        temp.resolve("java"),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))),
                "#!/bin/sh\n" + text + "\n");
    }

    private void launch(Path java, @Nullable RecorderPlace recorder, String... jvmArgs) throws Exception {
        launch(java, directory.workerDirectory(WORKER.toString()), recorder, jvmArgs);
    }

    private void launch(Path java, Path own, @Nullable RecorderPlace recorder, String... jvmArgs) throws Exception {
        WorkerCommand command =
                new WorkerCommand(java, List.of(), List.of(jvmArgs), List.of(place(Victim.class), place(Wire.class)));
        WorkerSettings settings =
                new WorkerSettings(WORKER, directory.socket(), "00", List.of(), List.of(), List.of(), List.of());
        process = WorkerProcess.launch(
                WorkerProgram.java(command, WorkerArchive.none(command), Enclosure.NONE),
                settings,
                own,
                recorder,
                PoolGroups.none(),
                witness);
    }

    private void launch(String victim, String... jvmArgs) throws Exception {
        launch(java(victim), null, jvmArgs);
    }

    private static Path place(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private WorkerProcess process() {
        if (process == null) {
            throw new IllegalStateException("not launched");
        }
        return process;
    }

    private void signal(String name) throws Exception {
        Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + witness.pid()).start();
        assertThat(kill.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(30));
    }

    private static List<Path> entries(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        }
    }

    // ---- the flight recorder

    @Test
    void page_is_there_before_the_process_and_leaves_no_name() throws Exception {
        try (RecorderDirectory memory = RecorderDirectory.create(temp, Enclosure.NONE)) {
            launch(java("claim"), new RecorderPlace(memory.path(), RecorderOptions.DEFAULT));
            witness.pid();
            try (SupervisorPage page = witness.page()) {
                assertThat(entries(memory.path())).hasSize(1);
                page.offer(1);

                WorkerEnd end = witness.end();

                assertThat(end.exit().code()).as(end.outputTail()).isZero();
                assertThat(page.state(1)).isEqualTo(ClaimState.STARTED);
            }
        }
        process = null;
    }

    @Test
    void page_that_cannot_be_made_is_a_failed_launch_with_its_reason() throws Exception {
        launch(java("settings"), new RecorderPlace(temp.resolve("nowhere"), RecorderOptions.DEFAULT));

        assertThat(witness.failure())
                .contains("cannot create the flight recorder")
                .contains("nowhere");
        process = null;
    }

    @Test
    void failed_launch_gives_its_page_back() throws Exception {
        try (RecorderDirectory memory = RecorderDirectory.create(temp, Enclosure.NONE)) {
            Path file = Files.createFile(temp.resolve("file"));
            launch(
                    java("settings"),
                    file.resolve(WORKER.toString()),
                    new RecorderPlace(memory.path(), RecorderOptions.DEFAULT));

            assertThat(witness.failure()).contains("cannot start");
            assertThat(openFiles())
                    .noneMatch(open -> open.contains(
                            memory.path().resolve(WORKER.toString()).toString()));
        }
        process = null;
    }

    private static List<String> openFiles() throws IOException {
        List<String> targets = new ArrayList<>();
        for (Path entry : entries(Path.of("/proc/self/fd"))) {
            if (Files.isSymbolicLink(entry)) {
                targets.add(Files.readSymbolicLink(entry).toString());
            }
        }
        return targets;
    }

    // ---- ends

    @Test
    void end_tells_exit_code_and_last_lines() throws Exception {
        launch("settings");

        WorkerEnd end = witness.end();

        assertThat(end.exit().code()).isZero();
        assertThat(end.outputTail()).startsWith("hello\nsocket=").doesNotContain("recorder=");
        assertThat(end.outOfMemory()).isFalse();
        assertThat(end.threadDump()).isEmpty();
        assertThat(end.crashReport()).isEmpty();
        assertThat(directory.workerDirectory(WORKER.toString())).doesNotExist();
    }

    @Test
    void heap_that_ran_over_is_told_from_another_exit_with_the_same_code() throws Exception {
        launch("out-of-memory", "-Xmx32m");

        WorkerEnd end = witness.end();

        assertThat(end.exit().code()).isEqualTo(3);
        assertThat(end.outOfMemory()).as(end.outputTail()).isTrue();
    }

    @Test
    void exit_code_of_a_full_heap_alone_is_no_shortage_of_memory() throws Exception {
        launch("exit-3");

        WorkerEnd end = witness.end();

        assertThat(end.exit().code()).isEqualTo(3);
        assertThat(end.outOfMemory()).isFalse();
    }

    @Test
    void crash_report_is_read_and_kept_beyond_the_pool() throws Exception {
        Path crashes = Files.createDirectories(base.resolve("crashes"));
        for (int i = 0; i < 25; i++) {
            Path old = Files.createFile(crashes.resolve("pool-1-w1.1-hs_err_pid" + i + ".log"));
            Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(i + 1))));
        }
        launch("spin", "-XX:-CreateCoredumpOnCrash");
        await().until(this::spins);
        signal("SEGV");

        WorkerEnd end = witness.end();
        directory.close();

        assertThat(end.crashReport()).contains("SIGSEGV").hasSizeLessThanOrEqualTo(16 * 1024);
        assertThat(Files.readString(Path.of(end.crashReportFile()))).startsWith(end.crashReport());
        assertThat(entries(crashes))
                .hasSize(20)
                .contains(Path.of(end.crashReportFile()), crashes.resolve("pool-1-w1.1-hs_err_pid18.log"))
                .doesNotContain(crashes.resolve("pool-1-w1.1-hs_err_pid19.log"));
    }

    private boolean spins() {
        process().examine();
        return witness.looks().stream().anyMatch(look -> look.cpuNanos() > 300_000_000);
    }

    // ---- thread dumps

    @Test
    void thread_dump_before_the_kill_is_kept_apart_from_the_output() throws Exception {
        launch("deadlock");
        await().until(this::waits);
        process().killAfterDump();
        process().killAfterDump();

        WorkerEnd end = witness.end();

        assertThat(end.exit().name()).isEqualTo("SIGKILL");
        assertThat(end.threadDump())
                .contains("\"left-handed\"")
                .contains("Victim.lock")
                .contains("Found one Java-level deadlock")
                .doesNotContain("hello");
        assertThat(end.outputTail()).isEqualTo("hello\nlocked");
    }

    /** Long enough for what it says first. */
    private boolean waits() {
        process().examine();
        return witness.looks().size() > 20;
    }

    @Test
    void stopped_process_is_killed_without_a_dump_after_a_second() throws Exception {
        launch("spin");
        await().until(this::spins);
        signal("STOP");
        long startNanos = System.nanoTime();
        process().killAfterDump();

        WorkerEnd end = witness.end();

        assertThat(end.exit().name()).isEqualTo("SIGKILL");
        assertThat(end.threadDump()).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isGreaterThan(Duration.ofMillis(900));
    }

    /** One that waited would take a second each time, whatever else the machine does. */
    @Test
    void kill_does_not_wait_for_a_dump_that_was_asked_for() throws Exception {
        Path java = java("spin");
        Duration took = endOfStopped(java);
        for (int more = 0; more < 5 && took.toMillis() > 900; more++) {
            witness = new Witness();
            took = endOfStopped(java);
        }
        assertThat(took).isLessThan(Duration.ofMillis(900));
    }

    /** How long it takes to kill a stopped process that was asked for a dump. */
    private Duration endOfStopped(Path java) throws Exception {
        launch(java, null);
        await().until(this::spins);
        signal("STOP");
        long startNanos = System.nanoTime();
        process().killAfterDump();
        process().kill();
        witness.end();
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    // ---- looks

    @Test
    void busy_process_uses_processor_time_and_a_stopped_one_is_seen_to_be() throws Exception {
        launch("spin");
        await().until(this::spins);
        assertThat(witness.looks().get(witness.looks().size() - 1).stopped()).isFalse();
        signal("STOP");
        await().until(() -> {
            process().examine();
            return witness.looks().stream().anyMatch(ProcessLook::stopped);
        });
        int before = witness.looks().size();
        process().kill();
        WorkerEnd end = witness.end();

        assertThat(end.residentBytes()).isGreaterThan(4L << 20);
        process().examine();
        assertThat(witness.looks().size()).isLessThanOrEqualTo(before + 1);
    }

    @Test
    void memory_of_every_worker_is_known_a_second_after_its_launch() throws Exception {
        launch("spin");
        witness.pid();
        CountDownLatch looked = new CountDownLatch(1);
        // The one thread that looks does one thing after the other; a second is for a launch that is not done yet.
        WatchThread.later(2_000, looked::countDown);
        assertThat(looked.await(30, TimeUnit.SECONDS)).isTrue();
        process().kill();

        assertThat(witness.end().residentBytes()).isPositive();
    }

    // ---- children

    @ParameterizedTest
    @ValueSource(strings = {"kill", "crash"})
    void what_a_handler_has_started_goes_with_its_worker(String way) throws Exception {
        String mark = "600." + System.nanoTime();
        launch("children " + mark);
        await().until(() -> sleepers(mark).size() == 4);
        if (way.equals("kill")) {
            process().kill();
        } else {
            signal("KILL");
        }
        witness.end();

        await().until(() -> sleepers(mark).isEmpty());
    }

    @Test
    void children_are_gone_when_the_pools_directory_is() throws Exception {
        String mark = "600." + System.nanoTime();
        launch("children " + mark);
        await().until(() -> sleepers(mark).size() == 4);
        signal("KILL");
        witness.end();
        directory.close();

        // They have been killed by now, which a process that is not given a processor needs a moment to notice.
        await().until(() -> sleepers(mark).isEmpty());
    }

    /** The living sleeps of that length. */
    static List<Long> sleepers(String mark) {
        return ProcessHandle.allProcesses()
                .filter(handle -> handle.info()
                        .arguments()
                        .map(words -> List.of(words).equals(List.of(mark)))
                        .orElse(false))
                .map(ProcessHandle::pid)
                .filter(WorkerProcessTest::lives)
                .toList();
    }

    private static boolean lives(long pid) {
        ProcessStat stat = ProcessStat.read(pid);
        return stat != null && !stat.isDead();
    }
}
