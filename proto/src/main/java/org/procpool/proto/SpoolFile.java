package org.procpool.proto;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A large payload that lies in a file, most often in one of a memory file system, instead of in this process. Whoever
 * makes one holds it; the file goes when the last holder has let go of it. Safe for use by any thread.
 */
public final class SpoolFile {

    private final Path path;
    private final int size;
    private final Runnable remove;
    private final AtomicInteger holders = new AtomicInteger(1);
    /** What was mapped stays as it is when the name of the file goes. Guarded by this. */
    private @Nullable ByteBuffer mapped;

    /**
     * Knows a file that is there.
     *
     * @param size in bytes, from 1
     * @param remove called once, when nobody holds it any more
     */
    public SpoolFile(Path path, int size, Runnable remove) {
        this.path = path;
        this.size = size;
        this.remove = remove;
    }

    public Path path() {
        return path;
    }

    /** In bytes. */
    public int size() {
        return size;
    }

    /** Its bytes, mapped at the first call and never copied; not for an event loop, where the file may be on a disk. */
    public synchronized ByteBuffer map() {
        ByteBuffer known = mapped;
        if (known == null) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                known = channel.map(MapMode.READ_ONLY, 0, size);
                mapped = known;
            } catch (IOException e) {
                throw new UncheckedIOException("the spooled payload of " + size + " bytes cannot be read", e);
            }
        }
        return known;
    }

    void hold() {
        holders.incrementAndGet();
    }

    void release() {
        if (holders.decrementAndGet() == 0) {
            remove.run();
        }
    }
}
