package org.procpool.cgroup;

/**
 * What control groups do for a pool's workers.
 *
 * @param version of the control groups in use; 0 = none
 * @param memoryBytesMax what a worker may have in memory; 0 = no bound
 * @param inForce all of that in a sentence for people, and why there are no groups if some are wanted; empty if nothing
 *     was asked for
 */
public record GroupState(int version, long memoryBytesMax, String inForce) {

    public static final GroupState NONE = new GroupState(0, 0, "");
}
