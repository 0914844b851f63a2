package org.procpool.conductor;

import org.jspecify.annotations.Nullable;

/** One party's queued tasks of one priority, first in, first out. Owned by {@link TaskQueue}. */
final class Lane {

    private final Share share;
    private final int priority;

    @Nullable
    private Task head;

    @Nullable
    private Task tail;

    /** Whether it is in the ring of lanes that take turns. */
    boolean inTurns;

    // Links of that ring; itself while it is alone or not in it.
    Lane previous = this;
    Lane next = this;

    Lane(Share share, int priority) {
        this.share = share;
        this.priority = priority;
    }

    Share share() {
        return share;
    }

    int priority() {
        return priority;
    }

    @Nullable
    Task head() {
        return head;
    }

    void addLast(Task task) {
        Task last = tail;
        task.previousQueued = last;
        if (last == null) {
            head = task;
        } else {
            last.nextQueued = task;
        }
        tail = task;
    }

    /** For a task that comes back for its next attempt: it has waited once already. */
    void addFirst(Task task) {
        Task first = head;
        task.nextQueued = first;
        if (first == null) {
            tail = task;
        } else {
            first.previousQueued = task;
        }
        head = task;
    }

    void remove(Task task) {
        Task before = task.previousQueued;
        Task after = task.nextQueued;
        if (before == null) {
            head = after;
        } else {
            before.nextQueued = after;
        }
        if (after == null) {
            tail = before;
        } else {
            after.previousQueued = before;
        }
        task.previousQueued = null;
        task.nextQueued = null;
    }
}
