package org.procpool.recorder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Sizes of a flight recorder, the same for all workers of a pool.
 *
 * @param claims how many offers a worker can hold, settled ones not counted; a power of two from 16 to 65,536
 * @param ringBytes how much of a worker's answers the page can hold; a power of two from 4 KiB to 1 GiB. For speed it
 *     should exceed a socket's buffer (208 KiB by default) plus what the supervisor reads in one turn; correct it is at
 *     any size
 */
public record RecorderOptions(int claims, int ringBytes) {

    /** 1,024 claims (16 KiB) and a ring of 512 KiB. */
    public static final RecorderOptions DEFAULT = new RecorderOptions(1024, 512 * 1024);

    private static final int CLAIMS_MIN = 16;
    private static final int CLAIMS_MAX = 1 << 16;
    private static final int RING_BYTES_MIN = 4 * 1024;
    private static final int RING_BYTES_MAX = 1 << 30;

    public RecorderOptions {
        checkPowerOfTwo("claims", claims, CLAIMS_MIN, CLAIMS_MAX);
        checkPowerOfTwo("ring size", ringBytes, RING_BYTES_MIN, RING_BYTES_MAX);
    }

    private static void checkPowerOfTwo(String name, int value, int min, int max) {
        if (value < min || value > max || Integer.bitCount(value) != 1) {
            throw new IllegalArgumentException("the flight recorder's " + name + " is " + value
                    + "; it must be a power of two from " + min + " to " + max);
        }
    }

    /** What one worker's page takes in the memory file system, in bytes. */
    public int pageBytes() {
        return Layout.ringOffset(claims) + ringBytes;
    }

    /**
     * Checks, before the first worker starts, that a directory can hold the pages of all of them.
     *
     * @param directory in a memory file system
     * @param pages number of workers, spares and replacements that may be there at once
     * @throws IOException saying what is wrong with the directory
     */
    public void checkRoom(Path directory, int pages) throws IOException {
        if (!Files.isDirectory(directory) || !Files.isWritable(directory)) {
            throw new IOException("the flight recorder needs a directory it can write to in a memory file system, and "
                    + directory + " is none; choose another or switch the recorder off");
        }
        long neededBytes = (long) pages * pageBytes();
        long usableBytes = Files.getFileStore(directory).getUsableSpace();
        if (usableBytes < neededBytes) {
            throw new IOException("the flight recorders of " + pages + " workers need " + neededBytes + " bytes in "
                    + directory + ", where " + usableBytes
                    + " are free; give it more room, or choose fewer workers or a smaller ring");
        }
    }
}
