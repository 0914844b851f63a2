package org.procpool.worker;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.procpool.proto.Payload;
import org.procpool.proto.SpooledResultFrame;

/**
 * Where this worker leaves results that are too large for its socket: in a file in memory, or, when all that lies there
 * is more than it should be, on a disk. Used by the task thread.
 */
final class ResultSpool {

    private static final int PIECE_BYTES = 256 * 1024;
    /** What a worker takes of the room that it has seen before it looks again: others take of it too. */
    private static final int LOOKS = 16;

    private final Path memory;
    private final long memoryBytesMax;
    private final Path disk;
    private final int fromBytes;
    private final int slot;
    private final long generation;
    /** What may be written to memory before it is looked at again. */
    private long trustedBytes;

    /**
     * Knows both places.
     *
     * @param memory directory in a memory file system, of all workers and the supervisor
     * @param memoryBytesMax what may lie in it
     * @param disk directory on a disk
     * @param fromBytes the smallest result that is left in a file
     */
    ResultSpool(Path memory, long memoryBytesMax, Path disk, int fromBytes, int slot, long generation) {
        this.memory = memory;
        this.memoryBytesMax = memoryBytesMax;
        this.disk = disk;
        this.fromBytes = fromBytes;
        this.slot = slot;
        this.generation = generation;
    }

    boolean takes(int size) {
        return size >= fromBytes;
    }

    /**
     * Writes the result down.
     *
     * @return whether it lies on the disk
     * @throws IOException if there is no room for it anywhere; nothing is left behind then
     */
    boolean store(long dispatch, Payload result) throws IOException {
        String name = SpooledResultFrame.fileName(slot, generation, dispatch);
        boolean onDisk = !fitsMemory(result.size());
        if (!onDisk) {
            try {
                write(memory.resolve(name), result);
            } catch (IOException e) {
                // Somebody else has filled the memory file system.
                onDisk = true;
            }
        }
        if (onDisk) {
            write(disk.resolve(name), result);
        }
        return onDisk;
    }

    /** To list the files costs as much as to write a small one, so it is not done for each. */
    private boolean fitsMemory(int size) {
        if (size > trustedBytes) {
            long room = memoryBytesMax - memoryBytes();
            if (size > room) {
                trustedBytes = 0;
                return false;
            }
            trustedBytes = Math.max(size, room / LOOKS);
        }
        trustedBytes -= size;
        return true;
    }

    private long memoryBytes() {
        File[] files = memory.toFile().listFiles();
        long bytes = 0;
        for (File file : files == null ? new File[0] : files) {
            bytes += file.length();
        }
        return bytes;
    }

    private static void write(Path file, Payload result) throws IOException {
        ByteBuffer bytes = result.buffer();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            int end = bytes.limit();
            // In pieces, since the JDK copies what lies in the heap to a buffer as large as what it is given.
            while (bytes.position() < end) {
                bytes.limit(Math.min(end, bytes.position() + PIECE_BYTES));
                channel.write(bytes);
            }
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }
}
