package org.procpool.conductor.simulation;

import org.procpool.task.WorkerId;

/** One offer of a task to a worker process, and what its watcher knows of it. */
final class SimOffer {

    /** What is known of its start. */
    enum Known {
        NOT,
        /** It has started, at that time at the latest. */
        NO_LATER,
        EXACTLY
    }

    final SimTask task;
    final Place place;
    final WorkerId worker;
    final long pid;
    final long dispatch;
    final long offeredNanos;
    /** Among the offers of its task. */
    final int number;

    final Claim claim;
    Known known = Known.NOT;
    long startNanos;
    /** When the interrupt for its run limit is due; Long.MAX_VALUE if there is none. */
    long limitNanos = Long.MAX_VALUE;

    boolean interrupted;
    long graceEndsNanos;
    /** The input in which it was tried to take it back last. */
    long askedBackBy = -1;
    /** The input by which its task is to end, unless it has started. */
    long unwantedBy = -1;

    SimOffer(SimTask task, Place place, long dispatch, long offeredNanos, Claim claim) {
        this.task = task;
        this.place = place;
        this.worker = place.id;
        this.pid = place.pid;
        this.dispatch = dispatch;
        this.offeredNanos = offeredNanos;
        this.number = task.offers;
        this.claim = claim;
    }

    int bytes() {
        return task.spec.payload().size();
    }

    /** Whether it may still be waiting at its worker. */
    boolean unstarted() {
        return known == Known.NOT && dispatch > place.passed;
    }

    /** What a loss may tell as its start. */
    boolean mayHaveStarted(long nanos) {
        return known != Known.NOT && nanos == startNanos || known != Known.EXACTLY && nanos == offeredNanos;
    }

    @Override
    public String toString() {
        return "offer " + dispatch + " of #" + task.id() + " to " + worker + ", start " + known + " " + startNanos
                + ", " + claim.word + " " + claim.startNanos + ", offered " + offeredNanos;
    }
}
