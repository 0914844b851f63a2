package org.procpool.spool;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A file in memory that gets one payload after the other, so that its pages and its mappings are made once. It grows by
 * being written to, which fails where there is no memory; only what is there is touched through the mapping, where that
 * would end the process. Owned by who receives a payload, then by the task, then by the {@link Stock}.
 */
final class Slab {

    private final Path path;
    private final int capacity;
    /** Bytes that are there. */
    private int filled;

    private @Nullable ByteBuffer mapped;
    /** Since when it is in the stock, which owns this. */
    long idleSinceNanos;

    private Slab(Path path, int capacity) {
        this.path = path;
        this.capacity = capacity;
    }

    /**
     * Makes the file, with nothing in it.
     *
     * @param capacity bytes that may become of it
     */
    static Slab create(Path path, int capacity) throws IOException {
        Files.createFile(path);
        return new Slab(path, capacity);
    }

    Path path() {
        return path;
    }

    int capacity() {
        return capacity;
    }

    int filled() {
        return filled;
    }

    /** All of it that is there. */
    ByteBuffer map() throws IOException {
        ByteBuffer known = mapped;
        if (known == null || known.capacity() < filled) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                known = channel.map(MapMode.READ_WRITE, 0, filled);
            }
            mapped = known;
        }
        return known;
    }

    /** Puts bytes there, and moves the buffer beyond them. */
    void write(int position, ByteBuf piece, int length) throws IOException {
        int end = position + length;
        if (end <= filled) {
            piece.readBytes(map().duplicate().limit(end).position(position));
            return;
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            while (position < end) {
                position += piece.readBytes(channel, position, end - position);
                filled = Math.max(filled, position);
            }
        }
    }

    /** Where so many bytes may be put; null if they are not there yet. */
    @Nullable
    ByteBuf place(int position, int length) throws IOException {
        int end = Math.min(filled, position + length);
        return position >= end
                ? null
                : Unpooled.wrappedBuffer(map().duplicate().limit(end).position(position))
                        .clear();
    }

    /** Gives its memory back; workers may still have it mapped, so it is cut before it loses its name. */
    void destroy() throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        } finally {
            Files.deleteIfExists(path);
        }
    }
}
