package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * After each test: no alarm was raised, no process that it started lives, nothing is left in the run directory nor of
 * shared memory, and descriptors and Netty's memory outside the heap are back to where they were.
 *
 * <p>Two JVMs run these tests at a time, each of them one test after the other.
 */
final class LeakCheck implements BeforeEachCallback, AfterEachCallback {

    /** Tag of tests whose workers must get a processor when they want one: no other test runs beside them. */
    static final String ALONE = "alone";

    /** An allocator keeps some chunks for the next user; what grows with the work is more. */
    private static final long KEPT_BYTES_MAX = 48L << 20;

    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private static @Nullable Path runDirectory;
    private static @Nullable Path workDirectory;
    private static @Nullable Path memoryDirectory;

    static {
        // The JDK keeps one socket for itself from the first channel on.
        try {
            SocketChannel.open().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int descriptorsBefore;
    private long directBytesBefore;
    private List<Long> processesBefore = List.of();

    /** Of the test that runs: for sockets, so it is short. */
    static Path runDirectory() {
        if (runDirectory == null) {
            throw new IllegalStateException("the test class is not extended with LeakCheck");
        }
        return runDirectory;
    }

    /** Of the test that runs: for its own files; removed after it. */
    static Path workDirectory() {
        if (workDirectory == null) {
            throw new IllegalStateException("the test class is not extended with LeakCheck");
        }
        return workDirectory;
    }

    /**
     * Of the test that runs: for flight recorders. Of its own, so that what other pools of this machine have in shared
     * memory is not taken for ours.
     */
    static Path memoryDirectory() {
        if (memoryDirectory == null) {
            throw new IllegalStateException("the test class is not extended with LeakCheck");
        }
        return memoryDirectory;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        Alarms.RAISED.clear();
        runDirectory = Files.createTempDirectory("pps");
        workDirectory = Files.createTempDirectory("ppw");
        memoryDirectory = Files.createTempDirectory(SHARED_MEMORY, "ppm");
        processesBefore = Processes.descendants();
        descriptorsBefore = Processes.descriptors().size();
        directBytesBefore = PlatformDependent.usedDirectMemory();
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        assertThat(Alarms.RAISED).as("alarms").isEmpty();
        if (workDirectory != null) {
            Directories.delete(workDirectory);
        }
        Eventually.untilAsserted(
                "no process is left",
                () -> assertThat(Processes.descendants())
                        .as("processes that outlive the test")
                        .isSubsetOf(processesBefore));
        Eventually.untilAsserted(
                "the run directory is empty",
                () -> assertThat(entries(runDirectory()))
                        .as("what is left in the run directory")
                        .allMatch(LeakCheck::mayStay));
        Directories.delete(runDirectory());
        Eventually.untilAsserted(
                "shared memory is given back",
                () -> assertThat(sharedMemory(memoryDirectory()))
                        .as("pages and pools' directories that are left in shared memory, with or without a name")
                        .isEmpty());
        Directories.delete(memoryDirectory());
        Eventually.untilAsserted(
                "descriptors are closed",
                () -> assertThat(Processes.descriptors())
                        .as("sockets, pipes and epoll instances of this process")
                        .hasSizeLessThanOrEqualTo(descriptorsBefore));
        Eventually.untilAsserted(
                "direct memory is given back",
                () -> assertThat(PlatformDependent.usedDirectMemory())
                        .as("bytes of direct memory in use")
                        .isLessThanOrEqualTo(directBytesBefore + KEPT_BYTES_MAX));
    }

    /** What outlives its pool by design: the file that services lock, and reports of crashes. */
    private static boolean mayStay(String entry) {
        return entry.endsWith("server.lock") || entry.contains("/crashes");
    }

    /**
     * The base that all pools of a user share stays; what is below it belongs to one of them. A page that has lost its
     * name is memory as long as a descriptor holds it.
     */
    static List<String> sharedMemory(Path directory) throws IOException {
        List<String> left = new ArrayList<>(entries(directory));
        left.removeIf(entry -> Path.of(entry).getParent().equals(directory));
        left.addAll(Processes.openFiles(directory));
        return left;
    }

    private static List<String> entries(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(path -> !path.equals(directory))
                    .map(Path::toString)
                    .toList();
        }
    }
}
