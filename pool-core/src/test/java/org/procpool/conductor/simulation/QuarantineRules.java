package org.procpool.conductor.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.procpool.conductor.Conductor;
import org.procpool.conductor.PoisonLimits;
import org.procpool.proto.OutcomeKind;
import org.procpool.task.Departure;
import org.procpool.task.Outcome;
import org.procpool.task.QuarantinedTask;

/** Which tasks are held back because they kill worker after worker, and when they are let through again. */
final class QuarantineRules {

    private static final int ANSWERS_PER_DEATH = 10;
    private static final long PROBE_NANOS_MAX = 3_600 * Swarm.SECOND;

    private final Ledger ledger;
    private final PoisonLimits limits;
    private final Map<String, List<Death>> deaths = new TreeMap<>();
    private final Map<String, Long> answered = new TreeMap<>();
    private final Map<String, Held> held = new TreeMap<>();
    /** Held back by the present input, and not told yet. */
    private @Nullable String untold;
    /** Held back by the input of that number; a death that costs several tasks may be one too many for several. */
    private final SortedSet<String> lastHeld = new TreeSet<>();

    private long lastHeldBy;
    /** Let through, and about to be answered, which ended the quarantine. */
    private @Nullable SimTask proof;

    private record Death(long atNanos, long answered) {}

    private static final class Held {
        private boolean byHand;
        private long probeNanos;
        private int killers;
        private @Nullable SimTask probe;
    }

    QuarantineRules(Ledger ledger) {
        this.ledger = ledger;
        this.limits = ledger.swarm.pool.poison();
    }

    boolean holds(String name) {
        return held.containsKey(name);
    }

    List<String> names() {
        return List.copyOf(held.keySet());
    }

    /** Whether tasks of that name are held back since the present input. */
    boolean holdsSinceNow(String name) {
        return lastHeldBy == ledger.inputs && lastHeld.contains(name);
    }

    boolean refuses(String name) {
        Held known = held.get(name);
        return known != null && (known.probe != null || ledger.now < known.probeNanos);
    }

    /** It must be accepted. */
    void entering(SimTask task) {
        Held known = held.get(task.spec.name());
        if (known != null) {
            known.probe = task;
        }
    }

    void offering(SimTask task) {
        Held known = held.get(task.spec.name());
        ledger.check(known == null || known.probe == task, "offered though it is held back", task);
    }

    /** Whether the worker died by itself, and so perhaps of its task. */
    private static boolean mayBeGuilty(Departure why) {
        return why == Departure.CRASHED
                || why == Departure.OUT_OF_MEMORY
                || why == Departure.HUNG
                || why == Departure.CORRUPT;
    }

    /** Its worker died while it ran the task, whose end nobody wanted. */
    void died(SimTask task, Departure why) {
        String name = task.spec.name();
        if (!mayBeGuilty(why)) {
            return;
        }
        Held known = held.get(name);
        if (known != null) {
            if (known.probe == task) {
                known.probe = null;
                known.killers++;
                long wait = Math.min(
                        limits.probeAfterNanos() << known.killers, Math.max(PROBE_NANOS_MAX, limits.probeAfterNanos()));
                known.probeNanos = ledger.now + wait;
            }
            return;
        }
        List<Death> row = deaths.computeIfAbsent(name, any -> new ArrayList<>());
        row.add(new Death(ledger.now, answered.getOrDefault(name, 0L)));
        int first = row.size() - limits.deaths();
        if (limits.deaths() > 0
                && first >= 0
                && ledger.now - row.get(first).atNanos <= limits.windowNanos()
                && answered.getOrDefault(name, 0L) - row.get(first).answered
                        < (long) ANSWERS_PER_DEATH * limits.deaths()) {
            hold(name, false, limits.probeAfterNanos() == 0 ? Long.MAX_VALUE : ledger.now + limits.probeAfterNanos());
            untold = name;
            ledger.tally.count(Incident.HELD_BACK_AS_POISON);
        }
    }

    /** An operator says so, and is heard. */
    void byHand(String name) {
        Held known = held.get(name);
        if (known != null) {
            known.byHand = true;
            known.probeNanos = Long.MAX_VALUE;
        } else {
            throw ledger.broken("was not held back", name);
        }
    }

    private void hold(String name, boolean byHand, long probeNanos) {
        Held entry = new Held();
        entry.byHand = byHand;
        entry.probeNanos = probeNanos;
        held.put(name, entry);
        deaths.remove(name);
        if (lastHeldBy != ledger.inputs) {
            lastHeld.clear();
            lastHeldBy = ledger.inputs;
        }
        lastHeld.add(name);
        for (SimTask task : ledger.tasks) {
            if (task.stage == Stage.ACCEPTING && task.spec.name().equals(name) && task.stops == 0) {
                task.stops = SimTask.QUARANTINED;
            }
        }
    }

    void quarantined(String name, String why, boolean byHand) {
        ledger.check(!why.isEmpty(), "does not say why it is held back", name);
        if (byHand) {
            ledger.check(
                    ledger.input == Step.QUARANTINE && ledger.inputText.equals(name) && !holds(name),
                    "is held back though nobody said so",
                    name);
            hold(name, true, Long.MAX_VALUE);
        } else {
            ledger.check(name.equals(untold), "is held back though it did not kill enough", name);
            ledger.check(why.startsWith(limits.deaths() + " workers died"), "does not say how many died", why);
            untold = null;
        }
    }

    void released(String name, String why) {
        Held known = held.remove(name);
        ledger.check(known != null && !why.isEmpty(), "is released though it was not held back", name);
        if (ledger.input == Step.RELEASE) {
            ledger.check(ledger.inputText.equals(name), "is released, and another was to be", name);
        } else {
            ledger.check(known != null && known.probe != null, "is released though none of it was tried", name);
            proof = known == null ? null : known.probe;
            ledger.tally.count(Incident.RELEASED_BY_PROBE);
        }
    }

    /** Whether its failure was answer enough for its kind to be released just now. */
    boolean isProof(SimTask task) {
        return proof == task;
    }

    /** Its outcome is told. */
    void completed(SimTask task, Outcome outcome) {
        OutcomeKind kind = outcome.kind();
        boolean wasAnswered = kind == OutcomeKind.SUCCEEDED || kind == OutcomeKind.FAILED;
        if (wasAnswered) {
            answered.merge(task.spec.name(), 1L, Long::sum);
        }
        if (proof != null) {
            ledger.check(
                    proof == task && (wasAnswered || kind == OutcomeKind.TIMED_OUT),
                    "released by what is no answer: " + outcome,
                    task);
            proof = null;
        }
        left(task);
    }

    /** It is no longer there, and has proven nothing. */
    void left(SimTask task) {
        Held known = held.get(task.spec.name());
        if (known != null && known.probe == task) {
            Outcome outcome = task.outcome;
            ledger.check(
                    outcome == null
                            || outcome.kind() != OutcomeKind.SUCCEEDED
                                    && outcome.kind() != OutcomeKind.FAILED
                                    && outcome.kind() != OutcomeKind.TIMED_OUT,
                    "is held back though one that was tried was answered",
                    task);
            known.probe = null;
        }
    }

    /** After every input. */
    void settled() {
        ledger.check(untold == null, "was not held back", untold);
        ledger.check(proof == null, "released too soon", proof);
        if (lastHeldBy == ledger.inputs) {
            for (SimTask task : ledger.tasks) {
                boolean waits = task.stage == Stage.QUEUED || task.stage == Stage.WAITING;
                ledger.check(!waits || !lastHeld.contains(task.spec.name()), "waits on though it is held back", task);
            }
        }
    }

    void check(Conductor conductor) {
        List<QuarantinedTask> shown = conductor.levers().quarantined(ledger.now);
        ledger.check(shown.stream().map(QuarantinedTask::task).toList().equals(names()), "shows as held back", shown);
        for (QuarantinedTask task : shown) {
            Held known = held.get(task.task());
            ledger.check(
                    known != null
                            && known.byHand == task.byHand()
                            && (known.probeNanos == Long.MAX_VALUE) == (task.probeInMillis() == -1),
                    "shows as held back",
                    task);
        }
    }
}
