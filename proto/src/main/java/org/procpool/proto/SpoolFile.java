package org.procpool.proto;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A large payload that lies in a file, most often in one of a memory file system, instead of in this process. Whoever
 * makes one holds it; the file goes when the last holder has let go of it. Safe for use by any thread.
 *
 * <p>A file with room gets one payload after the other. So whoever looks at one of them must be sure that it is still
 * that one: {@link #read} makes sure, and who takes a {@link #view} for longer keeps the file from being used again.
 */
public final class SpoolFile {

    private final Path path;
    private final int size;
    private final int room;
    private final Mapper mapper;
    private final Consumer<SpoolFile> remove;
    private final AtomicInteger holders = new AtomicInteger(1);
    /** Written by whoever hears of its worker, read by who removes it. */
    private volatile boolean free;

    // Guarded by this.
    /** What was mapped stays as it is when the name of the file goes. */
    private @Nullable ByteBuffer mapped;
    /** Somebody may look at it for as long as he likes. */
    private boolean viewed;
    /** It is not this payload's any more. */
    private boolean left;

    /** Where its bytes are in this process. */
    public interface Mapper {

        /** From the payload's first byte on, and at least all of it. */
        ByteBuffer map() throws IOException;
    }

    /**
     * Knows a file that is there, of one payload alone.
     *
     * @param size in bytes, from 1
     * @param remove called once, when nobody holds it any more
     */
    public SpoolFile(Path path, int size, Runnable remove) {
        this(path, size, 0, () -> mapped(path, size), file -> remove.run());
    }

    /**
     * Knows a file that gets one payload after the other.
     *
     * @param size of this one in bytes, from 1
     * @param room bytes of the file that are there, which a result may be written to; from size
     * @param remove called once, when nobody holds it any more
     */
    public SpoolFile(Path path, int size, int room, Mapper mapper, Consumer<SpoolFile> remove) {
        this.path = path;
        this.size = size;
        this.room = room;
        this.mapper = mapper;
        this.remove = remove;
    }

    private static ByteBuffer mapped(Path path, int size) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return channel.map(MapMode.READ_ONLY, 0, size);
        }
    }

    public Path path() {
        return path;
    }

    /** In bytes. */
    public int size() {
        return size;
    }

    /** Bytes of the file that a result may be written to; 0 if the file is this payload's for good. */
    public int room() {
        return room;
    }

    /**
     * Its bytes, mapped at the first call and never copied, to be kept for as long as one likes; not for an event loop,
     * where the file may be on a disk.
     */
    public synchronized ByteBuffer view() {
        ByteBuffer view = map();
        viewed = true;
        return view;
    }

    /** Has its bytes read, which are not to be kept. */
    <T> T read(Function<ByteBuffer, T> reader) {
        if (room == 0) {
            return reader.apply(view());
        }
        synchronized (this) {
            return reader.apply(map());
        }
    }

    /** A buffer of its own position. */
    private ByteBuffer map() {
        if (left) {
            throw unreadable(new IOException("its task is over"));
        }
        ByteBuffer known = mapped;
        if (known == null) {
            try {
                known = mapper.map();
            } catch (IOException e) {
                throw unreadable(e);
            }
            mapped = known;
        }
        return known.duplicate().position(0).limit(size);
    }

    private UncheckedIOException unreadable(IOException why) {
        return new UncheckedIOException(
                "the spooled payload of " + size + " bytes cannot be read: " + why.getMessage(), why);
    }

    /**
     * Puts a result in its place, if there is room and nobody can still look at the payload. Then that is over.
     *
     * @return whether it was done
     */
    public synchronized boolean overwrite(Payload result) {
        if (result.size() > room || viewed || left) {
            return false;
        }
        if (result.file() != this) {
            map().limit(room).put(result.buffer());
        }
        left = true;
        return true;
    }

    /**
     * Ends all looking at it.
     *
     * @return whether that is certain, so that the file may get another payload
     */
    public synchronized boolean leave() {
        left |= room > 0;
        return left && !viewed;
    }

    /** Its worker may look at it and write to it from now on. */
    public void lend() {
        free = false;
    }

    /** Its worker is done with it. */
    public void free() {
        free = true;
    }

    /** Whether it may get another payload when nobody holds it any more. */
    public boolean isFree() {
        return free;
    }

    /**
     * The result that was put in the payload's place, which holds the file, too.
     *
     * @param resultSize in bytes, from 1 to {@link #room}
     * @return null if nobody holds the file any more
     */
    public @Nullable SpoolFile result(int resultSize) {
        int known = holders.getAndUpdate(count -> count == 0 ? 0 : count + 1);
        return known == 0 ? null : new SpoolFile(path, resultSize, room, mapper, file -> release());
    }

    /** Keeps it until one more {@link #release}. */
    public void hold() {
        holders.incrementAndGet();
    }

    /** Lets go of it. */
    public void release() {
        if (holders.decrementAndGet() == 0) {
            remove.accept(this);
        }
    }
}
