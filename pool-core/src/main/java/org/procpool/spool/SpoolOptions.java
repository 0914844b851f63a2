package org.procpool.spool;

import org.procpool.task.Sizes;

/**
 * Which payloads lie in files, and where.
 *
 * @param fromBytes the smallest payload that does, 64 KiB to 1 GiB; 0 = none does
 * @param memoryBytesMax what may lie in memory, payloads and results together; the rest lies on the disk of the run
 *     directory
 */
public record SpoolOptions(int fromBytes, long memoryBytesMax) {

    public static final SpoolOptions DEFAULT = new SpoolOptions(256 * 1024, 256L << 20);

    private static final int FROM_BYTES_MIN = 64 * 1024;
    private static final int FROM_BYTES_MAX = 1 << 30;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public SpoolOptions {
        if (fromBytes != 0 && (fromBytes < FROM_BYTES_MIN || fromBytes > FROM_BYTES_MAX)) {
            throw new IllegalArgumentException("spool-from is " + fromBytes + ", allowed is "
                    + Sizes.format(FROM_BYTES_MIN) + " to " + Sizes.format(FROM_BYTES_MAX) + ", or 0 for never");
        }
        if (memoryBytesMax < 0) {
            throw new IllegalArgumentException("spool-memory is " + memoryBytesMax + ", it must not be negative");
        }
    }

    /** Whether any payload lies in a file. */
    public boolean isOn() {
        return fromBytes != 0;
    }
}
