package org.procpool.cgroup;

import org.procpool.task.Sizes;

/**
 * What control groups are to do for the workers. Immutable.
 *
 * @param use whether each worker gets a group of its own
 * @param memoryBytesMax what a worker and all that it starts may have in memory, from 16 MiB, before the kernel kills
 *     it; 0 = as much as there is. Where there are no groups it bounds the heap of a Java worker only
 */
public record GroupOptions(GroupUse use, long memoryBytesMax) {

    public static final GroupOptions NONE = new GroupOptions(GroupUse.OFF, 0);

    private static final long MEMORY_BYTES_MIN = 16L << 20;
    private static final long MEMORY_BYTES_MAX = 1L << 40;

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public GroupOptions {
        if (memoryBytesMax != 0 && (memoryBytesMax < MEMORY_BYTES_MIN || memoryBytesMax > MEMORY_BYTES_MAX)) {
            throw new IllegalArgumentException("max-worker-memory is " + memoryBytesMax + " bytes, allowed is "
                    + Sizes.format(MEMORY_BYTES_MIN) + " to " + Sizes.format(MEMORY_BYTES_MAX) + ", or 0 for no bound");
        }
    }

    /** That bound, and groups to keep it where there can be some. */
    public static GroupOptions memory(long bytesMax) {
        return new GroupOptions(bytesMax == 0 ? GroupUse.OFF : GroupUse.AUTO, bytesMax);
    }

    public GroupOptions withUse(GroupUse value) {
        return new GroupOptions(value, memoryBytesMax);
    }
}
