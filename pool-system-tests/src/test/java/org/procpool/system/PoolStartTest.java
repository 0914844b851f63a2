package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.PoolException;
import org.procpool.PoolOptions;
import org.procpool.ProcessPool;

/** A pool that cannot start says why in one sentence and leaves nothing behind. */
@ExtendWith(LeakCheck.class)
class PoolStartTest {

    private static AbstractThrowableAssert<?, ? extends Throwable> refusal(UnaryOperator<PoolOptions> change) {
        return assertThatThrownBy(() -> Pools.start(change).close());
    }

    @Test
    void zero_workers_are_refused() {
        refusal(options -> options.withWorkers(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("workers")
                .hasMessageContaining("0");
    }

    @Test
    void options_that_contradict_each_other_are_refused_before_anything_starts() {
        refusal(options -> options.withWorkers(1000).withSpares(25))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("workers is 1000 and spares is 25");
        refusal(options -> options.withRunTimeoutNanos(TimeUnit.SECONDS.toNanos(1))
                        .withGraceNanos(TimeUnit.SECONDS.toNanos(5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("grace is 5s, longer than the run-timeout of 1s");
        refusal(options -> options.withPatienceNanos(TimeUnit.MINUTES.toNanos(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("patience is 1m, longer than the hang-timeout of 10s");
        refusal(options -> options.withPrefetchMax(5000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("prefetch is 5000, with 1024 recorder-claims it may be 512");
        assertThat(Processes.workers()).isEmpty();
        assertThat(LeakCheck.runDirectory()).isEmptyDirectory();
    }

    @Test
    void run_directory_whose_socket_path_would_be_too_long_is_refused_with_length_and_limit() throws IOException {
        Path deep = LeakCheck.workDirectory().resolve("d".repeat(60)).resolve("e".repeat(60));
        Files.createDirectories(deep);
        refusal(options -> options.withRunDirectory(deep.resolve("run")))
                .isInstanceOf(PoolException.class)
                .hasMessageContaining("bytes")
                .hasMessageContaining("10")
                .hasMessageContaining("--run-dir");
        assertThat(deep.resolve("run")).isEmptyDirectory();
    }

    @Test
    void file_in_the_place_of_the_run_directory_is_refused() throws IOException {
        Path file = Files.writeString(LeakCheck.workDirectory().resolve("file"), "not a directory");
        refusal(options -> options.withRunDirectory(file))
                .isInstanceOf(PoolException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("not a directory");
        refusal(options -> options.withRunDirectory(file.resolve("below")))
                .isInstanceOf(PoolException.class)
                .hasMessageContaining("cannot make the run directory " + file.resolve("below"));
        assertThat(file).hasContent("not a directory");
    }

    @Test
    void run_directory_without_write_permission_is_refused() throws Exception {
        Path directory = Files.createDirectory(LeakCheck.workDirectory().resolve("locked"));
        // Root may write wherever the modes forbid it, but not where the file system does: /proc takes no directory.
        boolean root = "root".equals(System.getProperty("user.name"));
        Path refused = root ? Path.of("/proc/self/run") : directory;
        Assumptions.assumeTrue(!root || Files.isDirectory(Path.of("/proc/self")), "root, and nothing refuses it");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("r-x------"));
        try {
            refusal(options -> options.withRunDirectory(refused))
                    .isInstanceOf(PoolException.class)
                    .hasMessageContaining(refused.toString())
                    .hasMessageContaining("--run-dir");
        } finally {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void worker_command_that_cannot_start_is_named() {
        Path missing = LeakCheck.workDirectory().resolve("no-such-java");
        refusal(options -> options.withJava(missing))
                .isInstanceOf(PoolException.class)
                .hasMessageContaining("no worker could be started")
                .hasMessageContaining("no-such-java");
    }

    @Test
    void worker_jvm_that_refuses_its_options_is_quoted() {
        refusal(options -> options.withWorkerJvmArgs(List.of("-XX:NoSuchFlag=1")))
                .isInstanceOf(PoolException.class)
                .hasMessageContaining("NoSuchFlag");
    }

    @Test
    void provider_that_is_not_there_is_named() {
        refusal(options -> options.withProviders(List.of("org.example.Missing")))
                .isInstanceOf(PoolException.class)
                .hasMessageContaining("org.example.Missing");
    }

    @Test
    void handler_file_that_is_no_jar_is_named() throws IOException {
        Path text = Files.writeString(LeakCheck.workDirectory().resolve("text.jar"), "no zip");
        refusal(options -> options.withHandlers(List.of(text)))
                .isInstanceOf(PoolException.class)
                .hasMessageContaining("text.jar");
    }

    @Test
    void directory_of_a_dead_pool_is_removed_by_the_next_start_and_that_of_a_living_one_is_not() throws Exception {
        Path run = LeakCheck.runDirectory();
        try (ProcessPool first = Pools.ofOne()) {
            List<Path> own = directories(run);
            assertThat(own).hasSize(1);
            // A pool that was killed leaves its directory with a lock that nobody holds.
            Path dead = Files.createDirectory(run.resolve(prefix(own.get(0)) + "dead"));
            Files.createFile(dead.resolve(lockName(own.get(0))));
            Files.writeString(dead.resolve("left"), "over");
            try (ProcessPool second = Pools.ofOne()) {
                assertThat(dead).doesNotExist();
                assertThat(own.get(0)).isDirectory();
                assertThat(Pools.run(first, "echo", "1").succeeded()).isTrue();
                assertThat(Pools.run(second, "echo", "2").succeeded()).isTrue();
            }
        }
    }

    private static List<Path> directories(Path run) throws IOException {
        try (var entries = Files.list(run)) {
            return entries.filter(Files::isDirectory).toList();
        }
    }

    private static String prefix(Path pool) {
        return pool.getFileName().toString().replaceFirst("\\d+$", "");
    }

    private static String lockName(Path pool) throws IOException {
        try (var entries = Files.list(pool)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.contains("lock"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void run_directory_and_socket_are_closed_to_other_users() throws Exception {
        try (ProcessPool pool = Pools.ofOne()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(LeakCheck.runDirectory())))
                    .isEqualTo("rwx------");
            for (Path own : directories(LeakCheck.runDirectory())) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own)))
                        .isEqualTo("rwx------");
            }
            assertThat(pool.snapshot().workers()).hasSize(1);
        }
    }

    @Test
    void secret_of_a_worker_is_neither_in_its_arguments_nor_in_its_environment() throws Exception {
        try (ProcessPool pool = Pools.ofOne()) {
            long pid = Pools.worker(pool, 1).pid();
            Path process = Path.of("/proc/" + pid);
            assertThat(Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1))
                    .doesNotContain("token");
            assertThat(Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1))
                    .doesNotContain("token=");
        }
    }

    @Test
    void interrupted_start_ends_what_it_began() throws Exception {
        Path script = FakeWorker.script(FakeWorker.Mode.SILENT);
        Thread starter = new Thread(() -> refusal(
                        options -> options.withJava(script).withBootTimeoutNanos(TimeUnit.MINUTES.toNanos(5)))
                .hasMessageContaining("interrupted"));
        starter.start();
        Eventually.until("a worker is launched", () -> !Processes.descendants().isEmpty());
        starter.interrupt();
        starter.join(TimeUnit.SECONDS.toMillis(Eventually.DEADLINE_SECONDS));
        assertThat(starter.isAlive()).isFalse();
        assertThat(Processes.workers()).isEmpty();
    }
}
