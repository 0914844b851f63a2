package org.procpool.conductor;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.procpool.task.NearestNames;
import org.procpool.task.RejectReason;
import org.procpool.task.TaskSpec;

/** Decides whether a submission may enter, and says why not. Owned by the conductor's thread. */
final class Admission {

    private static final int RUN_TIME_WEIGHT = 8;

    private final ConductorOptions options;
    private final LiveLimits limits;
    /** Sorted for people, and hashed, since each submission asks. */
    private Set<String> taskNames = Set.of();
    /** The last that was found among them: most tasks have the name of the one before. */
    private @Nullable String lastKnown;

    /** Accepted, or being accepted, and not handed to a worker. */
    private int waitingTasks;

    private long waitingBytes;
    /** Moving average over the last few tasks. */
    private long runNanosAverage;

    /** Why a submission may not enter. */
    record Refusal(RejectReason reason, String message) {}

    Admission(ConductorOptions options, LiveLimits limits) {
        this.options = options;
        this.limits = limits;
    }

    /** What the workers can do, as the one that got ready last says. */
    void taskNames(List<String> names) {
        taskNames = new LinkedHashSet<>(new TreeSet<>(names));
        lastKnown = null;
    }

    List<String> taskNames() {
        return List.copyOf(taskNames);
    }

    void waits(Task task) {
        task.client().share().queuedTasks++;
        waitingTasks++;
        waitingBytes += task.spec().payload().size();
    }

    void waitsNoMore(Task task) {
        task.client().share().queuedTasks--;
        waitingTasks--;
        waitingBytes -= task.spec().payload().size();
    }

    int waitingTasks() {
        return waitingTasks;
    }

    long waitingBytes() {
        return waitingBytes;
    }

    void ran(long runNanos) {
        runNanosAverage += (runNanos - runNanosAverage) / RUN_TIME_WEIGHT;
    }

    /** Null if the submission may enter. */
    @Nullable
    Refusal check(Share share, TaskSpec spec, boolean draining, int readyWorkers) {
        int size = spec.payload().size();
        if (draining) {
            return new Refusal(RejectReason.DRAINING, "the pool is draining and takes no more tasks");
        }
        if (!isKnown(spec.name())) {
            return new Refusal(RejectReason.UNKNOWN_TASK, unknownTask(spec.name()));
        }
        if (size > options.payloadBytesMax()) {
            return new Refusal(
                    RejectReason.PAYLOAD_TOO_LARGE,
                    "the payload of task '" + spec.name() + "' has " + size + " bytes, the limit is "
                            + options.payloadBytesMax());
        }
        int ownMax = limits.clients().queuedTasksMax();
        if (ownMax != 0 && share.queuedTasks >= ownMax) {
            return new Refusal(
                    RejectReason.CLIENT_QUEUE_FULL,
                    "this client has " + share.queuedTasks + " tasks waiting, and max-queued-per-client is " + ownMax
                            + "; submit more as they end");
        }
        if (waitingTasks >= limits.queueTasksMax()
                || waitingTasks > 0 && waitingBytes + size > limits.queueBytesMax()) {
            long retryMillis = Math.max(1, runNanosAverage / Math.max(1, readyWorkers) / 1_000_000);
            return new Refusal(
                    RejectReason.QUEUE_FULL,
                    "the queue is full: " + waitingTasks + " of " + limits.queueTasksMax() + " tasks and "
                            + waitingBytes + " of " + limits.queueBytesMax() + " bytes are waiting; try again in "
                            + retryMillis + " ms");
        }
        return null;
    }

    /** As long as nobody has said what is known, everything is. */
    private boolean isKnown(String name) {
        if (name.equals(lastKnown) || taskNames.isEmpty()) {
            return true;
        }
        if (!taskNames.contains(name)) {
            return false;
        }
        lastKnown = name;
        return true;
    }

    /** Null if the workers know that name, or none of them has been ready yet. */
    @Nullable
    String whyUnknown(String name) {
        return isKnown(name) ? null : unknownTask(name);
    }

    private String unknownTask(String name) {
        List<String> near = NearestNames.of(name, taskNames);
        String shown = name.length() <= 64 ? name : name.substring(0, 64) + "…";
        return near.isEmpty()
                ? "no worker knows the task '" + shown + "'; known are: " + String.join(", ", taskNames)
                : "no worker knows the task '" + shown + "'; did you mean " + String.join(" or ", near) + "?";
    }
}
