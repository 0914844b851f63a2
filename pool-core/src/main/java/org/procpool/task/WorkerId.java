package org.procpool.task;

/**
 * Identity of one worker process, never reused within a pool.
 *
 * @param slot place in the pool, from 1
 * @param generation how many processes that place has had, this one included, from 1
 */
public record WorkerId(int slot, int generation) {

    /** For logs and people, for example {@code w3.2}: the second process in the third place. */
    @Override
    public String toString() {
        return "w" + slot + "." + generation;
    }
}
