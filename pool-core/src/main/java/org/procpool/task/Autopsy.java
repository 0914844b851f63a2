package org.procpool.task;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.TaskId;

/**
 * The report of one worker's end.
 *
 * @param pid 0 if there never was a process
 * @param detail one sentence: what happened
 * @param end null if there never was a process
 * @param uptimeNanos from launch to the end
 * @param results tasks that it had finished
 * @param taskId the task that it was running; 0 if none
 * @param task the name of that task; null if none
 * @param attempt of that task
 * @param ranNanos how long that task had run
 * @param at when it was reaped, on the wall clock; null if nobody looked
 */
public record Autopsy(
        WorkerId worker,
        long pid,
        Departure why,
        String detail,
        @Nullable WorkerEnd end,
        long uptimeNanos,
        long results,
        long taskId,
        @Nullable String task,
        int attempt,
        long ranNanos,
        DeathAccount account,
        @Nullable Instant at) {

    private static final int CRASH_REPORT_LINES = 30;

    /** A report by somebody who has no wall clock. */
    public Autopsy(
            WorkerId worker,
            long pid,
            Departure why,
            String detail,
            @Nullable WorkerEnd end,
            long uptimeNanos,
            long results,
            long taskId,
            @Nullable String task,
            int attempt,
            long ranNanos,
            DeathAccount account) {
        this(worker, pid, why, detail, end, uptimeNanos, results, taskId, task, attempt, ranNanos, account, null);
    }

    public Autopsy withAt(Instant time) {
        return new Autopsy(
                worker, pid, why, detail, end, uptimeNanos, results, taskId, task, attempt, ranNanos, account, time);
    }

    /** How the process ended; null if there never was one. */
    public @Nullable ExitStatus exit() {
        return end == null ? null : end.exit();
    }

    /** The whole report as text, good enough to paste into a bug report; ends with a newline. Holds no payload. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append("worker ")
                .append(worker)
                .append(" (pid ")
                .append(pid)
                .append(") left: ")
                .append(why);
        text.append(": ").append(detail).append('\n');
        text.append("  ").append(at == null ? "" : at + ", ").append("up ").append(Durations.format(uptimeNanos));
        text.append(", ").append(results).append(" tasks finished");
        if (end != null && end.residentBytes() > 0) {
            text.append(", ").append(Sizes.format(end.residentBytes())).append(" resident when last looked at");
        }
        text.append('\n');
        if (task != null) {
            text.append("  was running task ")
                    .append(TaskId.format(taskId))
                    .append(" (")
                    .append(task);
            text.append(", attempt ")
                    .append(attempt)
                    .append(") for ")
                    .append(Durations.format(ranNanos))
                    .append('\n');
        }
        text.append("  in flight ").append(account.inFlight()).append(": ").append(account.recovered());
        text.append(" results recovered, ").append(account.returned()).append(" went elsewhere, ");
        text.append(account.lost()).append(" lost\n");
        if (end != null) {
            section(text, "last output", end.outputTail());
            section(text, "threads", end.threadDump());
            section(text, "crash report", head(end.crashReport()));
            if (!end.crashReportFile().isEmpty()) {
                text.append("  the whole crash report is in ")
                        .append(end.crashReportFile())
                        .append('\n');
            }
        }
        return text.toString();
    }

    private static String head(String report) {
        return String.join("\n", report.lines().limit(CRASH_REPORT_LINES).toList());
    }

    private static void section(StringBuilder text, String title, String content) {
        if (!content.isEmpty()) {
            text.append("  ").append(title).append(":\n");
            content.lines().forEach(line -> text.append("    ").append(line).append('\n'));
        }
    }
}
