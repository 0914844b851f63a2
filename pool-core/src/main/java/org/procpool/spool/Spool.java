package org.procpool.spool;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.procpool.proto.Payload;
import org.procpool.proto.SpoolFile;
import org.procpool.proto.SpooledResultFrame;
import org.procpool.task.WorkerId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that large payloads lie in, of one pool. All have names, in directories that go with the pool, or when the
 * next one starts if its process was killed. Any thread.
 */
public final class Spool implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
    private static final String NAME = "spool";
    private static final long LAST_WORK_SECONDS = 10;

    private final SpoolOptions options;
    private final long memoryBytesMax;
    private final Path memory;
    private final Path disk;
    private final AtomicLong lastName = new AtomicLong();
    /** What lies in memory, as far as this process knows. */
    private final AtomicLong memoryBytes = new AtomicLong();
    /** Everything that may take its time: disks, and giving back much memory. */
    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
        Thread worker = new Thread(work, "procpool-spool");
        worker.setDaemon(true);
        return worker;
    });

    private Spool(SpoolOptions options, long memoryBytesMax, Path memory, Path disk) {
        this.options = options;
        this.memoryBytesMax = memoryBytesMax;
        this.memory = memory;
        this.disk = disk;
    }

    /**
     * Makes its directories.
     *
     * @param memoryDirectory of the pool alone, in a memory file system
     * @param diskDirectory of the pool alone
     * @throws IOException if they cannot be made
     */
    public static Spool create(SpoolOptions options, Path memoryDirectory, Path diskDirectory) throws IOException {
        Path memory = Files.createDirectories(memoryDirectory.resolve(NAME));
        Path disk = Files.createDirectories(diskDirectory.resolve(NAME));
        // Half, since there are others in that file system, and workers and supervisor look independently.
        long room = Files.getFileStore(memory).getUsableSpace() / 2;
        if (room < options.memoryBytesMax()) {
            LOG.info("there is room for {} bytes of large payloads in memory; more of them go to {}", room, disk);
        }
        return new Spool(options, Math.min(room, options.memoryBytesMax()), memory, disk);
    }

    /** Whether a payload of that size is to lie in a file. */
    public boolean takes(long bytes) {
        return options.isOn() && bytes >= options.fromBytes();
    }

    /** What workers read among their settings, {@code key=value}. */
    public List<String> settings() {
        return List.of(
                "spool=" + memory,
                "spoolMemory=" + Math.max(1, memoryBytesMax),
                "spoolDisk=" + disk,
                "spoolFrom=" + options.fromBytes());
    }

    /** Bytes of payloads and results in memory. */
    public long memoryBytes() {
        return memoryBytes.get();
    }

    /**
     * A file for a payload that is about to come, piece by piece.
     *
     * @param sizeMax what it may become, in bytes; room for so much is kept until it is whole
     * @throws IOException if it cannot be made
     */
    public Incoming receive(int sizeMax) throws IOException {
        boolean inMemory = reserve(sizeMax);
        Path path = newPath(inMemory);
        try {
            return new Incoming(path, inMemory, thread, size -> {
                int counted = inMemory ? size : 0;
                if (inMemory) {
                    memoryBytes.addAndGet(size - sizeMax);
                }
                return new SpoolFile(path, size, () -> later(() -> remove(path, counted)));
            });
        } catch (IOException e) {
            memoryBytes.addAndGet(inMemory ? -sizeMax : 0);
            throw e;
        }
    }

    /** Payloads get half of the room, so that results always find some: results are what makes payloads go. */
    private boolean reserve(int size) {
        if (memoryBytes.addAndGet(size) <= memoryBytesMax / 2) {
            return true;
        }
        memoryBytes.addAndGet(-size);
        return false;
    }

    private Path newPath(boolean inMemory) {
        return (inMemory ? memory : disk).resolve(Long.toString(lastName.incrementAndGet()));
    }

    /**
     * The payload in a file, if it is one for that. Waits for the file system; not on the loop.
     *
     * @throws IOException if there is no room for it
     */
    public Payload store(Payload payload) throws IOException {
        if (!takes(payload.size()) || payload.file() != null) {
            return payload;
        }
        ByteBuffer bytes = payload.buffer();
        Incoming incoming = receive(payload.size());
        try {
            incoming.writeNow(bytes);
            return incoming.end();
        } catch (IOException e) {
            incoming.abandon();
            throw e;
        }
    }

    /**
     * Takes over what a worker has left.
     *
     * @throws IOException if the worker has left no such file
     */
    public Payload result(WorkerId worker, SpooledResultFrame result) throws IOException {
        Path path = (result.onDisk() ? disk : memory)
                .resolve(SpooledResultFrame.fileName(worker.slot(), worker.generation(), result.dispatch()));
        BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!file.isRegularFile() || file.size() != result.size() || result.size() == 0) {
            throw new IOException("the spooled result has " + file.size() + " bytes, not " + result.size());
        }
        Path own = newPath(!result.onDisk());
        // Under a name that is not the worker's any more, it survives what is done about the worker's end.
        Files.move(path, own, StandardCopyOption.ATOMIC_MOVE);
        int counted = result.onDisk() ? 0 : result.size();
        memoryBytes.addAndGet(counted);
        return Payload.of(new SpoolFile(own, result.size(), () -> later(() -> unlink(own, counted))));
    }

    /** Removes what a worker that is gone has left behind, soon. */
    public void sweep(WorkerId worker) {
        String mine = SpooledResultFrame.prefix(worker.slot(), worker.generation()) + "*";
        later(() -> {
            for (Path directory : List.of(memory, disk)) {
                try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, mine)) {
                    for (Path file : left) {
                        Files.deleteIfExists(file);
                    }
                } catch (IOException e) {
                    LOG.warn("what worker {} has left in {} could not be removed: {}", worker, directory, e.toString());
                }
            }
        });
    }

    private void later(Runnable work) {
        try {
            thread.execute(work);
        } catch (RejectedExecutionException e) {
            LOG.debug("the spool is closed, and its files are gone");
        }
    }

    /** A worker may still have it mapped, and gives that back when its garbage collector gets there: so it is cut. */
    private void remove(Path path, int counted) {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(0);
        } catch (IOException e) {
            LOG.debug("the spooled payload {} could not be cut: {}", path, e.toString());
        }
        unlink(path, counted);
    }

    private void unlink(Path path, int counted) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.warn("the spooled payload {} could not be removed: {}", path, e.toString());
        }
        memoryBytes.addAndGet(-counted);
    }

    /** Does what was begun. The directories go with those of the pool. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(LAST_WORK_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the disk of {} is so slow that files may be left there", disk);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
