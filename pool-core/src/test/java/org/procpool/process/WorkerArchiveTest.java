package org.procpool.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procpool.proto.OutputMark;
import org.procpool.task.ExitStatus;

@Timeout(200)
class WorkerArchiveTest {

    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final ExitStatus SEGV = new ExitStatus(139);

    @TempDir
    Path temp;

    private Path cache;
    private List<Path> jars;
    private final List<WorkerArchive> opened = new ArrayList<>();

    @BeforeEach
    void copyJars() throws IOException {
        cache = temp.resolve("cache/worker");
        jars = WorkerJars.copyTo(temp);
    }

    @AfterEach
    void close() {
        opened.forEach(WorkerArchive::close);
    }

    private WorkerArchive open(String... jvmArgs) {
        WorkerArchive archive = WorkerArchive.open(command(jvmArgs), cache);
        opened.add(archive);
        return archive;
    }

    private WorkerCommand command(String... jvmArgs) {
        return new WorkerCommand(JAVA, List.of(), List.of(jvmArgs), jars);
    }

    private Path work() {
        return temp.resolve("a" + opened.size());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(cache)) {
            return files.sorted().toList();
        }
    }

    private Path train(WorkerArchive archive) throws IOException {
        archive.train(work());
        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .until(() -> !archive.jvmArgs().isEmpty());
        return files().get(0);
    }

    /** A file that is sound as far as anybody but a JVM can tell. */
    private Path pretend() throws IOException {
        WorkerCommand command = command();
        ArchiveStore store = ArchiveStore.open(cache);
        Path unfinished = Files.writeString(store.unfinished(), "class data");
        ArchiveKey key = ArchiveKey.of(command, JavaInstallation.of(JAVA));
        return store.publish(unfinished, key);
    }

    /** Runs a rehearsal with those arguments more, and returns the log of the classes that it loaded. */
    private String classesOf(List<String> arguments) throws Exception {
        return classesOf(arguments, "providers=org.procpool.worker.RehearsalHandlers");
    }

    private String classesOf(List<String> arguments, String handlers) throws Exception {
        Path directory = Files.createDirectories(temp.resolve("run"));
        Path log = directory.resolve("classes");
        List<String> more = new ArrayList<>(arguments);
        more.add("-Xlog:class+load:file=" + log);
        String settings = "rehearsal=true\nsocket=" + directory.resolve("s") + "\nworker=1\ngeneration=1\ntoken=00\n"
                + "scratch=" + directory.resolve("scratch") + "\n" + handlers + "\n\n";
        Path input = Files.writeString(directory.resolve("settings"), settings);
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(command().words(directory, more))
                .redirectErrorStream(true)
                .redirectInput(input.toFile())
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            // Nothing of the JVM's, that is: what the worker says to the supervisor nobody sees.
            assertThat(Files.readString(output).lines().filter(line -> !OutputMark.isMark(line)))
                    .isEmpty();
            assertThat(process.exitValue()).isZero();
            return Files.readString(log);
        } finally {
            process.destroyForcibly();
            Files.deleteIfExists(directory.resolve("s"));
        }
    }

    @Test
    void archive_is_made_once_and_holds_the_workers_classes() throws Exception {
        WorkerArchive first = open();
        assertThat(first.jvmArgs()).isEmpty();
        Path file = train(first);

        assertThat(files()).hasSize(1);
        String classes = classesOf(first.jvmArgs());
        assertThat(classes.lines().filter(line -> line.contains(" org.procpool.worker.WorkerMain ")))
                .singleElement()
                .asString()
                .contains("shared objects file");
        assertThat(classes.lines().filter(line -> line.contains("databind.ObjectMapper ")))
                .singleElement()
                .asString()
                .contains("shared objects file");

        Object identity = Files.getAttribute(file, "unix:ino");
        WorkerArchive second = open();
        assertThat(second.jvmArgs()).isEqualTo(first.jvmArgs());
        second.train(work());
        second.close();
        assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(identity);
    }

    @Test
    void archive_holds_what_the_jdk_needs_for_the_jar_of_a_handler() throws Exception {
        Path jar = temp.resolve("handlers.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new ZipEntry("META-INF/services/org.procpool.worker.HandlerProvider"));
            out.write("org.procpool.worker.RehearsalHandlers".getBytes(StandardCharsets.UTF_8));
        }
        WorkerArchive archive = open();
        train(archive);

        String classes = classesOf(archive.jvmArgs(), "handlers=" + jar);

        assertThat(classes.lines().filter(line -> line.contains(" sun.net.www.protocol.jar.")))
                .isNotEmpty()
                .allMatch(line -> line.contains("shared objects file"));
    }

    @Test
    void damaged_archive_is_removed_and_made_again() throws Exception {
        Path file = pretend();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(Files.size(file) / 2);
        }
        WorkerArchive archive = open();
        assertThat(archive.jvmArgs()).isEmpty();
        assertThat(file).doesNotExist();
        train(archive);
        assertThat(classesOf(archive.jvmArgs())).contains("shared objects file");
    }

    @Test
    void archive_that_vanishes_while_the_pool_lives_is_done_without() throws Exception {
        Path file = pretend();
        WorkerArchive archive = open();
        assertThat(archive.jvmArgs()).isNotEmpty();
        Files.delete(file);
        assertThat(archive.jvmArgs()).isEmpty();
    }

    @Test
    void archive_that_kills_its_worker_is_removed_and_not_used_again() throws Exception {
        Path file = pretend();
        WorkerArchive archive = open();
        assertThat(archive.jvmArgs()).isNotEmpty();
        archive.bootFailed(new ExitStatus(3));
        assertThat(archive.jvmArgs()).isNotEmpty();
        archive.bootFailed(SEGV);
        assertThat(archive.jvmArgs()).isEmpty();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !Files.exists(file));
    }

    @Test
    void jvm_that_refuses_its_arguments_boots_without_archive() throws Exception {
        Path file = pretend();
        WorkerArchive archive = open();
        assertThat(archive.jvmArgs()).isNotEmpty();
        archive.bootFailed(new ExitStatus(1));
        assertThat(archive.jvmArgs()).isEmpty();
        assertThat(file).exists();
    }

    @Test
    void archive_that_a_jvm_cannot_use_does_not_show_and_does_not_matter() throws Exception {
        pretend();
        assertThat(classesOf(open().jvmArgs())).contains(" org.procpool.worker.WorkerMain ");
    }

    @Test
    void other_jars_have_another_archive_and_the_old_one_is_removed() throws Exception {
        Path old = pretend();
        Files.setLastModifiedTime(jars.get(0), FileTime.from(Instant.now().minusSeconds(60)));
        WorkerArchive next = open();
        assertThat(next.jvmArgs()).isEmpty();
        next.train(work());
        Awaitility.await().atMost(Duration.ofSeconds(90)).until(() -> !Files.exists(old));
        assertThat(files()).hasSize(1);
        assertThat(next.jvmArgs()).isNotEmpty();
    }

    @Test
    void stale_files_are_removed_and_those_of_others_are_not() throws Exception {
        WorkerArchive archive = open();
        Path unused = file("0123456789abcdef-0123456789abcdef-01234567.jsa", ArchiveStore.UNUSED_MAX.plusHours(1));
        Path used = file("1123456789abcdef-0123456789abcdef-01234567.jsa", ArchiveStore.UNUSED_MAX.minusHours(1));
        Path crashed = file("unfinished-1", ArchiveStore.UNFINISHED_MAX.plusMinutes(1));
        Path running = file("unfinished-2", ArchiveStore.UNFINISHED_MAX.minusMinutes(1));
        Path foreign = file("notes.txt", Duration.ofDays(1000));
        train(archive);
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !Files.exists(crashed) && !Files.exists(unused));
        assertThat(used).exists();
        assertThat(running).exists();
        assertThat(foreign).exists();
    }

    private Path file(String name, Duration age) throws IOException {
        Path file = Files.writeString(cache.resolve(name), "x");
        return Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
    }

    @Test
    void two_pools_at_once_do_not_clash() throws Exception {
        WorkerArchive first = open();
        first.train(work());
        WorkerArchive second = open();
        second.train(work());
        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .until(() -> !first.jvmArgs().isEmpty()
                        && !second.jvmArgs().isEmpty()
                        && files().stream().noneMatch(file -> file.toString().contains("unfinished")));
        assertThat(classesOf(second.jvmArgs())).contains("shared objects file");
    }

    @Test
    void training_ends_with_its_pool_and_leaves_nothing() throws Exception {
        WorkerArchive archive = open();
        Path work = work();
        archive.train(work);
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> rehearsals(work) > 0);
        archive.close();
        assertThat(rehearsals(work)).isZero();
        assertThat(work).doesNotExist();
        assertThat(files()).isEmpty();
    }

    private static long rehearsals(Path work) {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info()
                        .commandLine()
                        .filter(line -> line.contains(work.toString()))
                        .isPresent())
                .filter(ProcessHandle::isAlive)
                .count();
    }

    @Test
    void unusable_cache_directory_costs_nothing_but_the_archive() throws Exception {
        Files.createDirectories(cache.getParent());
        Files.writeString(cache, "a file where the directory should be");
        WorkerArchive archive = open();
        archive.train(work());
        assertThat(archive.jvmArgs()).isEmpty();
        assertThat(Files.readString(cache)).startsWith("a file");
    }

    @Test
    void cache_directory_that_others_can_write_is_not_trusted() throws Exception {
        Path file = pretend();
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(open().jvmArgs()).isEmpty();
        assertThat(file).exists();
    }

    @Test
    void failing_training_says_why_and_leaves_nothing() throws IOException {
        Path work = work();
        Path target = temp.resolve("target");
        ArchiveTraining training = new ArchiveTraining(command("-XX:+NoSuchOption"), format(), work);
        assertThatThrownBy(() -> training.run(target))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("exit code 1")
                .hasMessageContaining("NoSuchOption");
        assertThat(work).doesNotExist();
        assertThat(target).doesNotExist();
    }

    private static ArchiveFormat format() {
        return ArchiveFormat.ofRelease(Runtime.version().feature());
    }

    @Test
    void directories_of_classes_and_options_of_the_users_own_are_left_alone() throws Exception {
        assertThat(open("-Xshare:off")).satisfies(this::makesNone);
        assertThat(open("-javaagent:agent.jar")).satisfies(this::makesNone);
        jars = List.of(temp, jars.get(0));
        assertThat(open()).satisfies(this::makesNone);
    }

    private void makesNone(WorkerArchive archive) {
        archive.train(work());
        assertThat(archive.jvmArgs()).isEmpty();
        assertThat(cache).doesNotExist();
    }
}
