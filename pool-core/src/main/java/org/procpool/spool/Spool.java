package org.procpool.spool;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
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
public final class Spool implements AutoCloseable, SlabIncoming.Owner {

    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
    private static final String NAME = "spool";
    private static final long LAST_WORK_SECONDS = 10;
    /** What may wait in memory for the next payloads, as a part of what may lie there in all, and for how long. */
    private static final int STOCK_PART = 4;

    private static final long STOCK_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final SpoolOptions options;
    private final long memoryBytesMax;
    private final Path memory;
    private final Path disk;
    private final AtomicLong lastName = new AtomicLong();
    /** What lies in memory, as far as this process knows, without the stock. */
    private final AtomicLong memoryBytes = new AtomicLong();
    /** Everything that may take its time: disks, and giving back much memory. */
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread worker = new Thread(work, "procpool-spool");
        worker.setDaemon(true);
        return worker;
    });

    private final Stock stock;
    /** The next look at what waits in the stock; null if none is due. Guarded by the stock. */
    private @Nullable ScheduledFuture<?> look;

    private Spool(SpoolOptions options, long memoryBytesMax, Path memory, Path disk) {
        this.options = options;
        this.memoryBytesMax = memoryBytesMax;
        this.memory = memory;
        this.disk = disk;
        this.stock = new Stock(memoryBytesMax / STOCK_PART);
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
        return receiveAlone(sizeMax);
    }

    private FileIncoming receiveAlone(int sizeMax) throws IOException {
        boolean inMemory = reserve(sizeMax);
        Path path = newPath(inMemory);
        try {
            return new FileIncoming(path, inMemory, thread, size -> {
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

    /**
     * A file for a payload of just so many bytes, which may have had others before and may get the task's result in its
     * place. So whoever looks at that result must hold it meanwhile.
     *
     * @throws IOException if it cannot be made
     */
    public Incoming receiveInSlab(int size) throws IOException {
        if (size > Stock.PAYLOAD_BYTES_MAX) {
            return receive(size);
        }
        int capacity = Stock.capacity(size);
        if (!reserve(capacity)) {
            return receive(size);
        }
        Slab slab = stock.take(capacity);
        try {
            return new SlabIncoming(slab == null ? Slab.create(newPath(true), capacity) : slab, size, this);
        } catch (IOException e) {
            memoryBytes.addAndGet(-capacity);
            throw e;
        }
    }

    @Override
    public SpoolFile lend(Slab slab, int size) {
        return new SpoolFile(slab.path(), size, slab.filled(), slab::map, file -> back(slab, file));
    }

    private void back(Slab slab, SpoolFile file) {
        if (!file.isFree() || !stock.put(slab, System.nanoTime())) {
            discard(slab);
            return;
        }
        memoryBytes.addAndGet(-slab.capacity());
        synchronized (stock) {
            if (look == null && !thread.isShutdown()) {
                look = thread.schedule(this::shrink, STOCK_NANOS, TimeUnit.NANOSECONDS);
            }
        }
    }

    @Override
    public void discard(Slab slab) {
        later(() -> {
            destroy(slab);
            memoryBytes.addAndGet(-slab.capacity());
        });
    }

    private static void destroy(Slab slab) {
        try {
            slab.destroy();
        } catch (IOException e) {
            LOG.warn("the spooled payload {} could not be removed: {}", slab.path(), e.toString());
        }
    }

    /** Gives back what has not been used for a while, and looks again if something is left. */
    private void shrink() {
        stock.removeIdleSince(System.nanoTime() - STOCK_NANOS).forEach(Spool::destroy);
        synchronized (stock) {
            look = stock.isEmpty() || thread.isShutdown()
                    ? null
                    : thread.schedule(this::shrink, STOCK_NANOS, TimeUnit.NANOSECONDS);
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
        FileIncoming incoming = receiveAlone(payload.size());
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

    /**
     * Takes over what a worker has put in the place of its task's payload.
     *
     * @param file of the payload; null if the worker has not been told that it may
     * @throws IOException if it cannot be so
     */
    public static Payload result(@Nullable SpoolFile file, int size) throws IOException {
        if (file == null || size <= 0 || size > file.room()) {
            throw new IOException("there was no room for it in the place of its payload");
        }
        if (Files.size(file.path()) < file.room()) {
            throw new IOException("the file of its payload was cut");
        }
        SpoolFile result = file.result(size);
        if (result == null) {
            // Its task has ended before.
            return Payload.EMPTY;
        }
        try {
            // So that sending it cannot fail for want of a mapping.
            result.view();
        } catch (UncheckedIOException e) {
            result.release();
            throw new IOException(e.getMessage(), e);
        }
        return Payload.of(result);
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
        synchronized (stock) {
            if (look != null) {
                look.cancel(false);
            }
            later(() -> stock.removeIdleSince(System.nanoTime()).forEach(Spool::destroy));
            thread.shutdown();
        }
        try {
            if (!thread.awaitTermination(LAST_WORK_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the disk of {} is so slow that files may be left there", disk);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
