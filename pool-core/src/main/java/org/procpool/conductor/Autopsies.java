package org.procpool.conductor;

import org.jspecify.annotations.Nullable;
import org.procpool.task.Autopsy;
import org.procpool.task.Departure;
import org.procpool.task.WorkerEnd;

/** Writes the report of a worker's end. Owned by the conductor's thread. */
final class Autopsies {

    private Autopsies() {}

    /** To be called while what the worker has lost is still in flight. */
    static Autopsy of(Worker worker, @Nullable WorkerEnd end, int recovered, int wrapped, long nowNanos) {
        Departure why = WorkerFlow.whyGone(worker, end);
        Task lost = worker.offers().first();
        return new Autopsy(
                worker.id,
                worker.pid,
                why,
                detail(worker, why, end),
                end,
                nowNanos - worker.launchedNanos,
                worker.results,
                lost == null ? 0 : lost.id(),
                lost == null ? null : lost.spec().name(),
                lost == null ? 0 : lost.attempts(),
                lost == null ? 0 : nowNanos - lost.startedNanos(),
                worker.account(recovered, wrapped));
    }

    /** Why no worker could be started, as the one that was tried last shows. */
    static String bootFailure(Worker worker, @Nullable WorkerEnd end) {
        String why = !worker.bootError.isEmpty() || end == null ? worker.bootError : "it ended with " + exit(end);
        return "no worker could be started; the last try was worker " + worker.id + ": " + why
                + (end == null || end.outputTail().isEmpty() ? "" : "\nIts last output:\n" + end.outputTail());
    }

    private static String exit(@Nullable WorkerEnd end) {
        if (end == null) {
            return "there was no process";
        }
        return end.kernelKill().isEmpty() ? end.exit().toString() : "out of memory: " + end.kernelKill();
    }

    private static String detail(Worker worker, Departure why, @Nullable WorkerEnd end) {
        String exit = exit(end);
        return switch (why) {
            case CRASHED -> exit;
            case OUT_OF_MEMORY ->
                end != null && end.heapFull()
                        ? "its heap is full (" + exit + "); give it more by worker-heap, or the task less"
                        : exit;
            case HUNG -> "it did not answer, and was stopped or used no processor time (" + exit + ")";
            case CORRUPT -> "what it said cannot be (" + exit + ")";
            case BOOT_FAILED -> worker.bootError.isEmpty() ? exit : worker.bootError + " (" + exit + ")";
            case TIMED_OUT -> "its task ran past its limit and did not heed the interrupt (" + exit + ")";
            case CANCELLED -> "its task was cancelled and did not heed the interrupt (" + exit + ")";
            case RECYCLED ->
                (worker.leavingDetail.isEmpty() ? "its handler asked for it" : worker.leavingDetail) + " (" + exit
                        + ")";
            case SCALED_DOWN -> "fewer workers are wanted (" + exit + ")";
            case RELOADED -> "a worker of another release has taken its place (" + exit + ")";
            case DRAINED -> "the pool needs it no longer (" + exit + ")";
        };
    }
}
