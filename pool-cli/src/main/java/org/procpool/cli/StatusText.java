package org.procpool.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.procpool.cli.text.OneLine;
import org.procpool.task.Durations;
import org.procpool.task.Sizes;

/** The admin HTTP's answers as lines for people. */
final class StatusText {

    private static final List<String> OUTCOMES =
            List.of("succeeded", "failed", "timedOut", "expired", "workerLost", "cancelled", "rejected");

    private StatusText() {}

    static List<String> status(JsonNode status) {
        JsonNode queue = status.path("queue");
        JsonNode totals = status.path("totals");
        List<String> lines = new ArrayList<>();
        lines.add("procpool " + text(status, "version") + "  " + text(status, "state") + "  up "
                + millis(status.path("uptimeMillis").asLong()) + "  routing " + text(status, "routing"));
        troubles(status, lines);
        if (status.path("paused").asBoolean()) {
            lines.add("PAUSED   nothing is started; 'procpool resume' ends that");
        }
        if (status.path("rolling").asBoolean()) {
            lines.add("ROLLING  workers are being replaced, one by one");
        }
        for (JsonNode task : status.path("quarantined")) {
            lines.add("HELD     " + heldBack(task));
        }
        lines.add("queue    " + queue.path("depth").asLong() + " of "
                + queue.path("limit").asLong() + " tasks, "
                + Sizes.format(queue.path("bytes").asLong()) + full(status.path("clients")));
        StringBuilder tasks =
                new StringBuilder("tasks    accepted " + totals.path("accepted").asLong());
        for (String outcome : OUTCOMES) {
            tasks.append(", ")
                    .append(words(outcome))
                    .append(' ')
                    .append(totals.path(outcome).asLong());
        }
        lines.add(tasks.toString());
        memory(status.path("memory"), status.path("workers").size(), lines);
        String groups = status.path("workerCgroups").path("inForce").asText();
        if (!groups.isEmpty()) {
            lines.add("cgroups  " + OneLine.of(groups));
        }
        lines.add("");
        lines.addAll(workerTable(status));
        return lines;
    }

    private static String full(JsonNode clients) {
        long full = clients.path("full").asLong();
        return full == 0
                ? ""
                : "; " + full + (full == 1 ? " client has" : " clients have") + " all in flight that one may, "
                        + clients.path("maxInFlight").asLong();
    }

    private static void memory(JsonNode memory, int workers, List<String> lines) {
        long total = memory.path("totalBytes").asLong();
        long planned = memory.path("plannedBytes").asLong();
        if (planned == 0) {
            return;
        }
        String parts =
                workers + " x (" + Sizes.format(memory.path("workerHeapBytes").asLong()) + " heap by "
                        + text(memory, "heapFrom") + " + "
                        + Sizes.format(memory.path("workerBesideBytes").asLong()) + ") + "
                        + Sizes.format(memory.path("supervisorBytes").asLong()) + " service = " + Sizes.format(planned)
                        + " at most";
        String share = total == 0 ? "" : " of " + Sizes.format(total) + " (" + text(memory, "source") + ")";
        lines.add("memory   " + parts + share + (total > 0 && planned > total ? ": TOO MUCH" : ""));
    }

    static List<String> quarantined(JsonNode answer) {
        List<String> lines = new ArrayList<>();
        answer.path("quarantined").forEach(task -> lines.add(heldBack(task)));
        return lines.isEmpty() ? List.of("no task is in quarantine") : lines;
    }

    private static String heldBack(JsonNode task) {
        long probe = task.path("probeInMillis").asLong();
        String next = probe < 0
                ? "until it is released"
                : probe == 0 ? "the next is tried" : "the next is tried in " + millis(probe);
        return OneLine.of("task '" + text(task, "task") + "' is in quarantine since "
                + millis(task.path("sinceMillis").asLong()) + " (" + next + "): " + text(task, "why"));
    }

    private static void troubles(JsonNode answer, List<String> lines) {
        if (answer.path("state").asText().equals("degraded")) {
            lines.add("DEGRADED " + OneLine.of(text(answer, "reason")));
        }
        if (answer.hasNonNull("stuck")) {
            lines.add("STUCK    " + OneLine.of(text(answer, "stuck")));
        }
    }

    static List<String> workers(JsonNode answer) {
        List<String> lines = new ArrayList<>();
        troubles(answer, lines);
        lines.addAll(workerTable(answer));
        return lines;
    }

    /** The reports as they are, but for characters that could steer the terminal: workers print what they like. */
    static List<String> deadWorkers(JsonNode answer) {
        List<String> lines = new ArrayList<>();
        for (JsonNode dead : answer) {
            if (!lines.isEmpty()) {
                lines.add("");
            }
            text(dead, "text").lines().map(OneLine::of).forEach(lines::add);
        }
        return lines.isEmpty() ? List.of("there are no reports of dead workers") : lines;
    }

    private static List<String> workerTable(JsonNode answer) {
        Table table =
                new Table(">WORKER", ">PID", "STATE", ">DONE", ">FAILED", ">RESTARTS", ">MEMORY", ">BOOT", "RUNS NOW");
        for (JsonNode worker : answer.path("workers")) {
            long rss = worker.path("rssBytes").asLong();
            long boot = worker.path("bootMillis").asLong();
            table.row(
                    text(worker, "id"),
                    worker.path("pid").asLong() == 0 ? "-" : text(worker, "pid"),
                    text(worker, "state"),
                    worker.path("completed").asLong(),
                    worker.path("failed").asLong(),
                    worker.path("restarts").asLong(),
                    rss == 0 ? "-" : Sizes.format(rss),
                    boot == 0 ? "-" : millis(boot),
                    text(worker, "task"));
        }
        return table.lines();
    }

    static List<String> tasks(JsonNode answer) {
        Table table = new Table("ID", "TASK", "STATE", ">PRIORITY", ">ATTEMPTS", ">WORKER", ">AGE", ">RUNNING FOR");
        for (JsonNode task : answer.path("tasks")) {
            long worker = task.path("worker").asLong();
            // One that was handed to a worker and has not started there is queued all the same.
            boolean runs = worker != 0 && !task.path("state").asText().equals("queued");
            table.row(
                    text(task, "id"),
                    text(task, "task"),
                    text(task, "state"),
                    text(task, "priority"),
                    text(task, "attempts"),
                    worker == 0 ? "-" : worker,
                    millis(task.path("ageMillis").asLong()),
                    runs ? millis(task.path("runMillis").asLong()) : "-");
        }
        return table.lines();
    }

    /** The field as text; a dash if it is null or not there. */
    private static String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isMissingNode() || value.isNull() ? "-" : value.asText();
    }

    private static String millis(long millis) {
        return millis == 0 ? "0s" : Durations.format(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** {@code timedOut} becomes {@code timed out}. */
    private static String words(String name) {
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char next = name.charAt(i);
            words.append(Character.isUpperCase(next) ? " " + Character.toLowerCase(next) : String.valueOf(next));
        }
        return words.toString();
    }
}
