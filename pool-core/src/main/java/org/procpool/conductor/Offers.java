package org.procpool.conductor;

import org.jspecify.annotations.Nullable;

/**
 * The offers that one worker process holds, by dispatch number. The worker decides their claims in that order: what
 * it has <em>passed</em> is started, finished or was taken back; what lies behind that is still its to start. An offer
 * that was taken back counts until it is passed, because its claim and its bytes are in use until then. Owned by the
 * conductor's thread.
 */
final class Offers {

    /** How many payload bytes may lie unpassed at a worker: what its socket takes even if it reads nothing. */
    static final int ROOM_BYTES = 128 * 1024;

    private final @Nullable Task[] tasks;
    private final int[] bytes;
    private final int mask;

    private long last;
    private long passed;
    private long oldest;

    private int inFlight;
    private int revoked;
    /** In flight and not passed. */
    private int ahead;
    /** In flight, and not known when it started. */
    private int inexact;

    private long unpassedBytes;

    /**
     * None yet.
     *
     * @param claims how many dispatches may be in use at once; a power of two
     * @param dispatched dispatch numbers that are used up, and passed
     */
    Offers(int claims, long dispatched) {
        last = dispatched;
        passed = dispatched;
        oldest = dispatched + 1;
        tasks = new Task[claims];
        bytes = new int[claims];
        mask = claims - 1;
    }

    /** Of the last offer; before the first, what was used up. */
    long last() {
        return last;
    }

    long passed() {
        return passed;
    }

    /** Offers without a result that were not taken back. */
    int inFlight() {
        return inFlight;
    }

    /** What counts against the worker's depth. */
    int held() {
        return inFlight + revoked;
    }

    /** Offers that the worker has not begun, as far as is known. */
    int ahead() {
        return ahead;
    }

    /** Whether a look at the worker's page could tell anything new. */
    boolean uncertain() {
        return inexact > 0 || revoked > 0;
    }

    /** Whether there is an offer in flight of which nobody knows when it started. */
    boolean unseen() {
        return inexact > 0;
    }

    /** Whether another offer, of any size, finds a claim, and not more bytes before it than may be. */
    boolean hasRoom() {
        return last + 1 - tasks.length < Math.min(oldest, passed + 1) && unpassedBytes < ROOM_BYTES;
    }

    /** Whether an offer of that size finds room for its bytes; alone it always does. */
    boolean fits(int payloadBytes) {
        return held() == 0 && unpassedBytes == 0 || unpassedBytes + payloadBytes <= ROOM_BYTES;
    }

    /** No task in flight has a lower dispatch. */
    long oldest() {
        return oldest;
    }

    /** The first task in flight; null if there is none. */
    @Nullable
    Task first() {
        return inFlight == 0 ? null : tasks[(int) oldest & mask];
    }

    /** The task in flight of that dispatch; null if it has ended, was taken back or never was. */
    @Nullable
    Task get(long dispatch) {
        if (dispatch < oldest || dispatch > last) {
            return null;
        }
        return tasks[(int) dispatch & mask];
    }

    void add(Task task) {
        last++;
        int index = (int) last & mask;
        if (tasks[index] != null) {
            throw new IllegalStateException("dispatch " + last + " needs the claim of " + tasks[index].dispatch);
        }
        tasks[index] = task;
        bytes[index] = task.spec().payload().size();
        unpassedBytes += bytes[index];
        task.dispatch = last;
        inFlight++;
        ahead++;
        inexact++;
    }

    /** It was taken back. */
    void revoke(Task task) {
        remove(task);
        if (task.dispatch > passed) {
            revoked++;
            ahead--;
        }
        inexact--;
    }

    /** It has ended, or its worker has. */
    void end(Task task) {
        pass(task.dispatch);
        remove(task);
        if (!task.startExact) {
            inexact--;
        }
    }

    /** It is known when it started. */
    void exact(Task task) {
        if (!task.startExact) {
            task.startExact = true;
            inexact--;
        }
    }

    private void remove(Task task) {
        int index = (int) task.dispatch & mask;
        if (tasks[index] != task) {
            throw new IllegalStateException("task " + task.id() + " is not in flight as dispatch " + task.dispatch);
        }
        tasks[index] = null;
        inFlight--;
        if (inFlight == 0) {
            oldest = last + 1;
        } else {
            while (tasks[(int) oldest & mask] == null) {
                oldest++;
            }
        }
    }

    /** The worker has decided everything up to that dispatch. True if that is news. */
    boolean pass(long upTo) {
        if (upTo <= passed) {
            return false;
        }
        for (long dispatch = passed + 1; dispatch <= upTo; dispatch++) {
            int index = (int) dispatch & mask;
            unpassedBytes -= bytes[index];
            if (tasks[index] == null) {
                revoked--;
            } else {
                ahead--;
            }
        }
        passed = upTo;
        return true;
    }
}
