package org.procpool.conductor;

import static org.procpool.task.Durations.format;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.procpool.conductor.Admission.Refusal;
import org.procpool.proto.OutcomeKind;
import org.procpool.task.Autopsy;
import org.procpool.task.Outcome;
import org.procpool.task.QuarantinedTask;
import org.procpool.task.RejectReason;

/**
 * A breaker for each kind of task: one that kills worker after worker is run no more, so that the others have their
 * workers. After a while a single task of it is let through; if that is answered, all are again. Owned by the
 * conductor's thread.
 */
final class Quarantine {

    /** Of so many kinds it is known whom they kill, and so many may be in quarantine. */
    private static final int NAMES_MAX = 1_000;
    /**
     * Who has so many tasks answered for each worker that dies under it does not kill worker after worker: it is what
     * most workers run, and so what was running when something else killed them.
     */
    private static final int ANSWERS_PER_DEATH = 10;

    /** Each probe that kills doubles the time to the next, up to this. */
    private static final long PROBE_NANOS_MAX = 3_600_000_000_000L;

    private static final int DOUBLINGS_MAX = 12;

    private final PoisonLimits limits;
    private final Effects effects;
    private final Map<String, ArrayDeque<Death>> deaths = new TreeMap<>();
    private final Map<String, Entry> entries = new TreeMap<>();

    /**
     * A worker that a task of that kind has killed.
     *
     * @param answered tasks of that kind that had been answered by then
     */
    private record Death(long atNanos, long answered, String how) {}

    /** A kind of task that is in quarantine. */
    private static final class Entry {

        private String why;
        private final long sinceNanos;
        private boolean byHand;
        /** From then on one task is let through. */
        private long probeNanos;
        /** Probes that killed. */
        private int killers;
        /** The one that was let through; null if none is. */
        private @Nullable Task probe;

        Entry(String why, long sinceNanos, boolean byHand, long probeNanos) {
            this.why = why;
            this.sinceNanos = sinceNanos;
            this.byHand = byHand;
            this.probeNanos = probeNanos;
        }
    }

    Quarantine(PoisonLimits limits, Effects effects) {
        this.limits = limits;
        this.effects = effects;
    }

    /** Whether anything is in quarantine: all that a task pays for. */
    boolean active() {
        return !entries.isEmpty();
    }

    boolean holds(String name) {
        return entries.containsKey(name);
    }

    /** Why tasks of that kind are not run. */
    String why(String name) {
        Entry entry = entries.get(name);
        return entry == null ? "it has ended, too late for this one" : entry.why;
    }

    /** Null if the submission may enter, as far as the quarantine goes. */
    @Nullable
    Refusal check(String name, long nowNanos) {
        Entry entry = entries.get(name);
        if (entry == null || entry.probe == null && nowNanos >= entry.probeNanos) {
            return null;
        }
        String next = entry.probeNanos == Long.MAX_VALUE
                ? ""
                : entry.probe != null
                        ? "; one of them is being tried"
                        : "; the next is tried in " + format(entry.probeNanos - nowNanos);
        return new Refusal(
                RejectReason.QUARANTINED,
                "task '" + name + "' is in quarantine: " + entry.why + next + "; 'procpool quarantine --release " + name
                        + "' lets all through again");
    }

    /** Its submission has entered. */
    void entered(Task task) {
        Entry entry = entries.get(task.spec().name());
        if (entry != null) {
            entry.probe = task;
        }
    }

    /** Its outcome is told, or it was never accepted. */
    void ended(Task task) {
        Entry entry = entries.get(task.spec().name());
        if (entry == null || entry.probe != task) {
            return;
        }
        entry.probe = null;
        Outcome outcome = task.outcome;
        if (outcome != null && answered(outcome.kind())) {
            release(task.spec().name(), "a task that was tried ended as " + outcome.kind());
        }
    }

    /** Whether the task ran, and its worker did not die of it. */
    private static boolean answered(OutcomeKind kind) {
        return switch (kind) {
            case SUCCEEDED, FAILED, TIMED_OUT -> true;
            case WORKER_LOST, EXPIRED, CANCELLED, REJECTED, UNKNOWN -> false;
        };
    }

    /**
     * A worker died of the task. If that is one too many, {@link #tell} says so when the task itself has ended.
     *
     * @param answered how many tasks of its kind have been answered so far
     * @return whether its kind is in quarantine since just now
     */
    boolean killed(Task task, Autopsy autopsy, long answered, long nowNanos) {
        String name = task.spec().name();
        Entry entry = entries.get(name);
        if (entry != null) {
            if (entry.probe == task) {
                entry.probe = null;
                entry.killers++;
                long wait = limits.probeAfterNanos() << Math.min(entry.killers, DOUBLINGS_MAX);
                entry.probeNanos = nowNanos + Math.min(wait, Math.max(PROBE_NANOS_MAX, limits.probeAfterNanos()));
            }
            return false;
        }
        if (limits.deaths() == 0 || deaths.size() >= NAMES_MAX && !deaths.containsKey(name)) {
            return false;
        }
        ArrayDeque<Death> row = deaths.computeIfAbsent(name, any -> new ArrayDeque<>());
        row.addLast(new Death(nowNanos, answered, Outcomes.lossType(autopsy)));
        if (row.size() > limits.deaths()) {
            row.removeFirst();
        }
        Death first = row.getFirst();
        boolean poison = row.size() == limits.deaths()
                && nowNanos - first.atNanos <= limits.windowNanos()
                && answered - first.answered < (long) ANSWERS_PER_DEATH * limits.deaths()
                && entries.size() < NAMES_MAX;
        if (poison) {
            String why = row.size() + " workers died while running it within " + format(limits.windowNanos()) + " ("
                    + summary(row) + "), the last was " + autopsy.worker() + ": " + autopsy.detail();
            long probe = limits.probeAfterNanos() == 0 ? Long.MAX_VALUE : nowNanos + limits.probeAfterNanos();
            add(name, new Entry(why, nowNanos, false, probe));
        }
        return poison;
    }

    private static String summary(Iterable<Death> row) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (Death death : row) {
            counts.merge(death.how, 1, Integer::sum);
        }
        StringBuilder text = new StringBuilder();
        counts.forEach((how, count) ->
                text.append(text.isEmpty() ? "" : ", ").append(how).append(" ×").append(count));
        return text.toString();
    }

    private void add(String name, Entry entry) {
        entries.put(name, entry);
        deaths.remove(name);
    }

    /** Tells that tasks of that kind are held back. */
    void tell(String name) {
        Entry entry = entries.get(name);
        if (entry != null) {
            effects.quarantined(name, entry.why, entry.byHand);
        }
    }

    /**
     * An operator wants it; only {@link #release} ends it then.
     *
     * @return false if there is no room for one more
     */
    boolean addByHand(String name, long nowNanos) {
        Entry entry = entries.get(name);
        if (entry != null) {
            entry.byHand = true;
            entry.probeNanos = Long.MAX_VALUE;
            return true;
        }
        if (entries.size() >= NAMES_MAX) {
            return false;
        }
        add(name, new Entry("an operator said so", nowNanos, true, Long.MAX_VALUE));
        tell(name);
        return true;
    }

    /** Lets all tasks of that kind through again. False if they were not held back. */
    boolean release(String name, String why) {
        if (entries.remove(name) == null) {
            return false;
        }
        effects.released(name, why);
        return true;
    }

    List<QuarantinedTask> list(long nowNanos) {
        return entries.entrySet().stream()
                .map(each -> shown(each.getKey(), each.getValue(), nowNanos))
                .toList();
    }

    private static QuarantinedTask shown(String name, Entry entry, long nowNanos) {
        long probeInMillis = entry.probeNanos == Long.MAX_VALUE
                ? -1
                : Math.max(0, (entry.probeNanos - nowNanos + 999_999) / 1_000_000);
        return new QuarantinedTask(
                name, entry.why, entry.byHand, (nowNanos - entry.sinceNanos) / 1_000_000, probeInMillis);
    }
}
