package org.procpool.conductor;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.procpool.task.TaskSpec;

/**
 * What waits for a worker. Of the priorities the highest goes first; every 16th pick takes the oldest of their heads
 * instead, so that nothing starves. Within a priority the clients, or parties of several, take turns, and the tasks of
 * each are first in, first out. All operations are O(1). Owned by the conductor's thread.
 */
final class TaskQueue {

    private static final int AGEING_PERIOD = 16;

    /** The lane whose turn is next, per priority; the others follow in a ring. */
    private final @Nullable Lane[] turns = new Lane[TaskSpec.PRIORITIES];
    /** Bit p: priority p has a lane with its turn. */
    private int occupied;

    private int picks;
    private int size;

    int size() {
        return size;
    }

    void addLast(Task task) {
        Lane lane = task.client().share().lane(task.spec().priority());
        lane.addLast(task);
        added(task, lane);
    }

    void addFirst(Task task) {
        Lane lane = task.client().share().lane(task.spec().priority());
        lane.addFirst(task);
        added(task, lane);
    }

    private void added(Task task, Lane lane) {
        task.inQueue = true;
        size++;
        if (!lane.inTurns && lane.share().runnable()) {
            enter(lane);
        }
    }

    void remove(Task task) {
        Lane lane = task.client().share().lane(task.spec().priority());
        lane.remove(task);
        task.inQueue = false;
        size--;
        if (lane.head() == null && lane.inTurns) {
            leave(lane);
        }
    }

    /** The next task, which stays; null if there is none that may start. */
    @Nullable
    Task next() {
        if (occupied == 0) {
            return null;
        }
        int priority = (picks + 1) % AGEING_PERIOD == 0
                ? priorityOfOldestHead()
                : Integer.SIZE - 1 - Integer.numberOfLeadingZeros(occupied);
        return head(turn(priority));
    }

    /** Takes out what {@link #next} has just said. */
    void take(Task task) {
        picks++;
        int priority = task.spec().priority();
        turns[priority] = turn(priority).next;
        remove(task);
    }

    /** Whether {@link #next} would give one. */
    boolean hasRunnable() {
        return occupied != 0;
    }

    /** The task that has waited longest of those that may start; null if there is none. O(lanes). */
    @Nullable
    Task oldest() {
        Task oldest = null;
        for (int rest = occupied; rest != 0; rest &= rest - 1) {
            Lane first = turn(Integer.numberOfTrailingZeros(rest));
            Lane lane = first;
            do {
                Task head = head(lane);
                if (oldest == null || head.submittedNanos() < oldest.submittedNanos()) {
                    oldest = head;
                }
                lane = lane.next;
            } while (lane != first);
        }
        return oldest;
    }

    /** While paused nothing of it is started. */
    void pause(Share share, boolean paused) {
        share.paused = paused;
        arrange(share);
    }

    /** Takes the lanes out of the turns, or back in, as their owner may have something started or not. */
    void arrange(Share share) {
        boolean runnable = share.runnable();
        for (int priority = 0; priority < TaskSpec.PRIORITIES; priority++) {
            Lane lane = share.laneIfAny(priority);
            if (lane == null || lane.head() == null) {
                continue;
            }
            if (!runnable && lane.inTurns) {
                leave(lane);
            } else if (runnable && !lane.inTurns) {
                enter(lane);
            }
        }
    }

    private int priorityOfOldestHead() {
        int oldest = -1;
        long oldestId = Long.MAX_VALUE;
        for (int rest = occupied; rest != 0; rest &= rest - 1) {
            int priority = Integer.numberOfTrailingZeros(rest);
            long id = head(turn(priority)).id();
            if (id < oldestId) {
                oldest = priority;
                oldestId = id;
            }
        }
        return oldest;
    }

    /** The lane whose turn it is, of a priority that is occupied. */
    private Lane turn(int priority) {
        return Objects.requireNonNull(turns[priority]);
    }

    /** Of a lane that is in the turns, and so not empty. */
    private static Task head(Lane lane) {
        return Objects.requireNonNull(lane.head());
    }

    /** Puts the lane behind all others of its priority. */
    private void enter(Lane lane) {
        lane.inTurns = true;
        Lane turn = turns[lane.priority()];
        if (turn == null) {
            turns[lane.priority()] = lane;
            occupied |= 1 << lane.priority();
            return;
        }
        Lane last = turn.previous;
        lane.previous = last;
        lane.next = turn;
        last.next = lane;
        turn.previous = lane;
    }

    private void leave(Lane lane) {
        Lane next = lane.next;
        if (next == lane) {
            turns[lane.priority()] = null;
            occupied &= ~(1 << lane.priority());
        } else {
            lane.previous.next = next;
            next.previous = lane.previous;
            if (turns[lane.priority()] == lane) {
                turns[lane.priority()] = next;
            }
        }
        lane.previous = lane;
        lane.next = lane;
        lane.inTurns = false;
    }
}
