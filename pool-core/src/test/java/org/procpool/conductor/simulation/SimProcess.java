package org.procpool.conductor.simulation;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.procpool.conductor.simulation.Claim.Fate;
import org.procpool.conductor.simulation.Claim.Word;
import org.procpool.conductor.simulation.World.Event;

/**
 * The truth about one worker process: its page, and how it works through its offers in order. Its page is brought up to
 * date whenever somebody looks at it, so that what it did between two inputs has happened by then.
 */
final class SimProcess {

    /** Why it stands still. */
    enum Hold {
        NONE,
        /** By a signal. */
        STOPPED,
        /** Collects garbage: no pong, but all the processor. */
        BUSY,
        /** Neither pong nor processor. */
        STUCK
    }

    private static final double CPU_OF_WORK = 0.6;

    /** Something that it has said and nobody has read. */
    record Message(Event kind, long dispatch, int flags, long runNanos, long readableNanos) {}

    final int slot;
    final int generation;
    final boolean recorder;
    private final SimulatedWorkers workers;
    final ArrayDeque<Message> unread = new ArrayDeque<>();
    private final ArrayDeque<Claim> ahead = new ArrayDeque<>();

    @Nullable
    private Claim running;

    private long endNanos;
    private long freeNanos = Long.MIN_VALUE;
    private long lastArrivalNanos = Long.MIN_VALUE;
    private long lastReadableNanos = Long.MIN_VALUE;

    /** Highest dispatch whose claim it has decided. */
    private long passed;

    @Nullable
    private Claim passedLast;

    boolean dead;
    Hold hold = Hold.NONE;
    private long heldSinceNanos;
    boolean pingWaits;
    /** Its sockets are closed; what it says stays in its page. */
    boolean linkClosed;
    /** It has answered that it wants to be retired, and takes nothing more. */
    private boolean retired;

    private boolean wantsToRetire;
    /** Its page is broken: nobody can tell what it has started. */
    boolean unknowable;

    // Its observation, taken when it was asked for, to be told later.
    long savedPassed = -1;
    long savedRunning;
    long savedStart;

    private long cpuNanos;
    private long cpuAtNanos;

    SimProcess(SimulatedWorkers workers, int slot, int generation, boolean recorder, long nowNanos) {
        this.workers = workers;
        this.slot = slot;
        this.generation = generation;
        this.recorder = recorder;
        this.cpuAtNanos = nowNanos;
    }

    void add(Claim claim) {
        ahead.addLast(claim);
        lastArrivalNanos = claim.arrivesNanos;
    }

    /** When something sent now is there: what goes through one socket keeps its order. */
    long arrival(long atNanos) {
        return Math.max(atNanos, lastArrivalNanos);
    }

    /** Lets it work until then. */
    void advance(long toNanos) {
        while (!dead && hold == Hold.NONE) {
            Claim current = running;
            if (current != null) {
                if (endNanos > toNanos) {
                    return;
                }
                finish(current, endNanos);
            } else {
                Claim next = ahead.peekFirst();
                if (next == null || retired || Math.max(next.arrivesNanos, freeNanos) > toNanos) {
                    return;
                }
                decide(next, Math.max(next.arrivesNanos, freeNanos));
            }
        }
    }

    private void decide(Claim next, long atNanos) {
        if (workers.healed()) {
            next.fate = Fate.RESULT;
        }
        if (next.fate == Fate.DIE_BEFORE_CLAIM && next.word == Word.OFFERED) {
            workers.count(Incident.DIED_BEFORE_CLAIM);
            dies(atNanos);
            return;
        }
        ahead.removeFirst();
        passed = next.dispatch;
        passedLast = next;
        freeNanos = atNanos;
        if (next.word == Word.REVOKED) {
            workers.passedOver(this, next, atNanos);
            return;
        }
        next.word = Word.STARTED;
        next.startNanos = atNanos;
        next.shownNanos = workers.shownStart(atNanos);
        workers.starts(next);
        running = next;
        endNanos = switch (next.fate) {
            case HANG -> Long.MAX_VALUE;
            case DIE_AFTER_CLAIM -> atNanos;
            default -> atNanos + next.runNanos;
        };
        wakeAtEnd();
    }

    private void wakeAtEnd() {
        if (endNanos != Long.MAX_VALUE) {
            workers.at(endNanos, Event.WORK, this, 0);
        }
    }

    private void finish(Claim current, long atNanos) {
        switch (current.fate) {
            case RESULT -> answer(current, atNanos);
            case RESULT_THEN_DIE -> {
                answer(current, atNanos);
                dies(atNanos);
            }
            case DIE_AFTER_CLAIM -> {
                workers.count(Incident.DIED_AFTER_CLAIM);
                dies(atNanos);
            }
            case DIE_BEFORE_CLAIM, DIE_AT_END -> dies(atNanos);
            case LINK_LOST -> {
                linkClosed = true;
                workers.at(atNanos, Event.LINK_LOST, this, 0);
                current.fate = Fate.RESULT;
                endNanos = atNanos + current.runNanos;
                wakeAtEnd();
            }
            case CORRUPT -> {
                say(new Message(Event.CORRUPT, 0, 0, 0, readable(atNanos)));
                endNanos = Long.MAX_VALUE;
            }
            case UNKNOWN_DISPATCH -> {
                say(new Message(Event.RESULT, current.dispatch + 1_000, 0, 0, readable(atNanos)));
                endNanos = Long.MAX_VALUE;
            }
            case HANG -> endNanos = Long.MAX_VALUE;
        }
    }

    private void answer(Claim current, long atNanos) {
        running = null;
        freeNanos = atNanos;
        current.written = true;
        if (linkClosed) {
            workers.count(Incident.WORKED_WITHOUT_LINK);
        }
        if (wantsToRetire) {
            workers.count(Incident.WORKED_IN_RETIREMENT);
        }
        wantsToRetire |= (current.flags & Claim.RETIRE) != 0;
        retired = (current.flags & Claim.RETIRE) != 0 && !workers.goesOnThough();
        say(new Message(
                Event.RESULT, current.dispatch, current.flags, atNanos - current.startNanos, readable(atNanos)));
        workers.answered(this, current, atNanos);
    }

    private long readable(long atNanos) {
        lastReadableNanos = Math.max(lastReadableNanos, atNanos + workers.socketDelay());
        return lastReadableNanos;
    }

    private void say(Message message) {
        unread.addLast(message);
        if (!linkClosed) {
            workers.at(message.readableNanos, Event.DELIVER, this, 0);
        }
    }

    private void dies(long atNanos) {
        workers.dies(this, atNanos, workers.exit());
    }

    /** The kernel ends it: whatever it has not done by then it never will. */
    void dead() {
        dead = true;
    }

    /** Takes the offer back, if it has not been started. */
    boolean revoke(Claim claim) {
        if (unknowable || claim.word == Word.STARTED) {
            return false;
        }
        claim.word = Word.REVOKED;
        return true;
    }

    /** The task that it has started and not finished; null if there is none. */
    @Nullable
    Claim unfinished() {
        return running;
    }

    long passed() {
        return passed;
    }

    long observedRunning() {
        Claim last = passedLast;
        return last != null && last.word == Word.STARTED ? passed : 0;
    }

    long observedStart() {
        Claim last = passedLast;
        return last == null ? 0 : last.shownNanos;
    }

    /** Its handler heeds the interrupt, if it still runs that dispatch. */
    void interrupt(long dispatch, long byNanos, int flags) {
        Claim current = running;
        if (current != null && current.dispatch == dispatch && !dead) {
            current.fate = Fate.RESULT;
            current.flags = current.flags & Claim.RETIRE | flags;
            endNanos = Math.min(endNanos, byNanos);
            wakeAtEnd();
        }
    }

    void hold(Hold why, long nowNanos) {
        advance(nowNanos);
        if (!dead && hold == Hold.NONE) {
            account(nowNanos);
            hold = why;
            heldSinceNanos = nowNanos;
        }
    }

    void release(long nowNanos) {
        if (hold == Hold.NONE) {
            return;
        }
        account(nowNanos);
        hold = Hold.NONE;
        freeNanos = Math.max(freeNanos, nowNanos);
        if (running != null && endNanos != Long.MAX_VALUE) {
            endNanos += nowNanos - heldSinceNanos;
            wakeAtEnd();
        }
        workers.at(nowNanos, Event.WORK, this, 0);
    }

    private void account(long nowNanos) {
        double share = switch (hold) {
            case NONE -> running == null ? 0 : CPU_OF_WORK;
            case BUSY -> 1;
            case STOPPED, STUCK -> 0;
        };
        if (!dead && nowNanos > cpuAtNanos) {
            cpuNanos += (long) (share * (nowNanos - cpuAtNanos));
            cpuAtNanos = nowNanos;
        }
    }

    long cpuNanos(long nowNanos) {
        account(nowNanos);
        return cpuNanos;
    }
}
