package org.procpool.conductor;

import static org.procpool.task.Durations.format;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.procpool.conductor.Worker.Phase;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.TaskId;
import org.procpool.task.Outcome;
import org.procpool.task.Sizes;

/**
 * Tells people the life of an unfinished task so far, and why it does not run if it does not. Takes time in proportion
 * to what is unfinished. Owned by the conductor's thread.
 */
final class Explanation {

    private final ConductorOptions options;
    private final TaskFlow tasks;
    private final WorkerTable workers;

    Explanation(ConductorOptions options, TaskFlow tasks, WorkerTable workers) {
        this.options = options;
        this.tasks = tasks;
        this.workers = workers;
    }

    /**
     * Sentences.
     *
     * @param paused whether the pool is
     * @param degraded whether it replaces its workers at the slowest pace
     */
    List<String> of(Task task, boolean paused, boolean degraded, long nowNanos) {
        List<String> lines = new ArrayList<>();
        lines.add("task " + TaskId.format(task.id()) + " '" + task.spec().name() + "' was submitted "
                + span(nowNanos - task.submittedNanos()) + " ago with "
                + Sizes.format(task.spec().payload().size()) + " of payload and priority "
                + task.spec().priority()
                + (task.spec().detached()
                        ? ", detached"
                        : task.client().gone ? ", by a client that has vanished" : ""));
        lines.add(limits(task, nowNanos));
        past(task, lines, nowNanos);
        switch (task.state()) {
            case ACCEPTING -> lines.add("it waits for the store to keep it");
            case QUEUED -> queued(task, lines, paused, degraded, nowNanos);
            case RUNNING -> running(task, lines, nowNanos);
            case WAITING ->
                lines.add("it waits " + span(task.dueNanos - nowNanos) + " for attempt " + (task.attempts + 1)
                        + "; the time grows with each");
            case SETTLING -> lines.add("it has ended, and waits for the store to keep that");
            case SETTLED -> lines.add("it has ended");
        }
        return List.copyOf(lines);
    }

    private String limits(Task task, long nowNanos) {
        long run = task.started() ? task.runLimitNanos : tasks.limits().runLimitNanos(task);
        long expires = task.expiresNanos();
        int attempts = task.spec().maxAttempts();
        return "each run may take " + (run == 0 ? "any time" : format(run))
                + (expires == Long.MAX_VALUE
                        ? "; it may wait for ever"
                        : expires > nowNanos
                                ? "; it must start within " + span(expires - nowNanos) + " from now"
                                : "; its time to start is over")
                + (attempts == 1
                        ? "; it is not repeated if its worker dies"
                        : "; if its worker dies it is repeated, up to " + attempts + " attempts in all")
                + (task.spec().retry().allows(1)
                        ? "; if it fails it is tried again, up to "
                                + task.spec().retry().attempts() + " attempts that fail, of which it has had "
                                + task.failures
                        : "");
    }

    private static void past(Task task, List<String> lines, long nowNanos) {
        boolean handedOut = task.state() == TaskState.RUNNING && !task.started;
        int begun = task.attempts - (handedOut ? 1 : 0);
        if (begun > 0 && task.state() != TaskState.RUNNING) {
            lines.add("it has been started " + times(begun) + ", the last time " + span(nowNanos - task.startedNanos)
                    + " ago");
        }
        Outcome last = task.loss;
        if (last != null && last.error() != null) {
            lines.add("its last attempt " + (last.kind() == OutcomeKind.FAILED ? "failed: " : "was lost: ")
                    + last.error().type() + ": " + last.error().message());
        }
    }

    private void queued(Task task, List<String> lines, boolean paused, boolean degraded, long nowNanos) {
        if (paused) {
            lines.add("it waits because the pool is paused; 'procpool resume' ends that");
        }
        Worker home =
                task.spec().key().isEmpty() ? null : Affinity.home(task.spec().key(), workers);
        if (home != null) {
            lines.add("as all tasks with its key it prefers worker " + home.slot());
        }
        Share share = task.client().share();
        if (share.paused) {
            lines.add("it waits because its client does not take its results, so nothing of it is started");
        }
        if (share.full) {
            lines.add("it waits because its client has " + share.inFlightTasks
                    + " tasks in flight, the limit (max-in-flight-per-client); it goes on when one of them ends");
        }
        int higher = 0;
        int others = 0;
        for (Task other : tasks.table().toList()) {
            if (other.state() == TaskState.QUEUED) {
                higher += other.spec().priority() > task.spec().priority() ? 1 : 0;
                others += other.spec().priority() == task.spec().priority()
                                && other.client().share() != share
                        ? 1
                        : 0;
            }
        }
        int before = 0;
        for (Task other = task.previousQueued; other != null; other = other.previousQueued) {
            before++;
        }
        lines.add("before it in the queue are " + higher + " tasks of a higher priority and " + before
                + " of its own client and priority; " + others
                + " of other clients and the same priority take turns with those");
        lines.add(whoIsThere(degraded, nowNanos));
    }

    private String whoIsThere(boolean degraded, long nowNanos) {
        int serving = 0;
        int busy = 0;
        int starting = 0;
        Task longest = null;
        for (Worker worker : workers.all()) {
            Task first = worker.offers().first();
            serving += worker.phase == Phase.READY ? 1 : 0;
            busy += worker.phase == Phase.READY && first != null ? 1 : 0;
            starting += worker.phase == Phase.STARTING ? 1 : 0;
            if (first != null && first.started && (longest == null || first.startedNanos < longest.startedNanos)) {
                longest = first;
            }
        }
        if (serving == 0) {
            return "no worker serves; " + starting + " are starting"
                    + (degraded ? "; the pool is degraded, so the dead are replaced slowly" : "");
        }
        return busy + " of " + serving + " workers are busy" + longest(longest, nowNanos);
    }

    private static String longest(@Nullable Task task, long nowNanos) {
        Worker worker = task == null ? null : task.worker;
        return task == null || worker == null
                ? ""
                : "; longest with task " + TaskId.format(task.id()) + " '"
                        + task.spec().name() + "', for " + span(nowNanos - task.startedNanos) + " on worker "
                        + worker.slot();
    }

    private void running(Task task, List<String> lines, long nowNanos) {
        Worker worker = task.worker;
        if (worker == null) {
            return;
        }
        String who = "worker " + worker.slot() + " (" + worker.id + ", pid " + worker.pid + ")";
        if (!task.started) {
            lines.add("it was handed to " + who + " " + span(nowNanos - task.offeredNanos)
                    + " ago, which has not begun it"
                    + (options.patienceNanos() == 0
                            ? ""
                            : "; what is not begun within " + format(options.patienceNanos()) + " goes elsewhere"));
            return;
        }
        lines.add("it runs on " + who + " since " + span(nowNanos - task.startedNanos) + ", attempt " + task.attempts);
        if (task.stopping()) {
            lines.add("it is to end early (" + task.stop + ") and was interrupted"
                    + (task.isSet() ? "; in " + span(task.dueNanos - nowNanos) + " its worker is killed" : ""));
        } else if (task.isSet()) {
            lines.add("it is interrupted in " + span(task.dueNanos - nowNanos) + " if it has not ended by then");
        }
    }

    private static String times(int count) {
        return count == 1 ? "once" : count + " times";
    }

    /** What is over already is told as nothing. */
    private static String span(long nanos) {
        return nanos <= 0 ? "0s" : format(nanos);
    }
}
