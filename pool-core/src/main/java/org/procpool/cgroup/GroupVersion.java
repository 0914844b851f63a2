package org.procpool.cgroup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What the two versions of control groups do in different ways. A group is one directory, or one in each hierarchy of
 * version 1; the first has the files about memory.
 */
interface GroupVersion {

    /** 1 or 2. */
    int number();

    /** The groups of this process, below which others are made. */
    List<Path> own();

    /**
     * Makes ready to divide.
     *
     * @param pool group of the pool, which is there
     * @param bounded whether workers get a bound on memory
     * @throws IOException with half a sentence for people
     */
    void divide(List<Path> pool, boolean bounded) throws IOException;

    /** Bounds what all in the group may have in memory, and on disks in its place. */
    void bound(List<Path> group, long bytes) throws IOException;

    /** How many processes of the group the kernel has killed for want of memory. */
    long kills(List<Path> group);

    /** Whether the group ever wanted more than its bound. */
    boolean reachedBound(List<Path> group);

    /** Kills all that is in the group, wherever it has gone to in sessions and process groups. */
    void kill(List<Path> group);
}
