package org.procpool.bench.torture;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.OutcomeKind;

/** All that was put on file in one run, brought together by task. Not thread-safe. */
final class Evidence {

    /** A handler's record; the last of a killed process may be cut. */
    private static final int RUN_RECORD_BYTES = 64;

    private static final long TASKS_MAX = 1L << 30;

    /** One task. Its lists are mostly of one or none. */
    static final class TaskRecord {

        final long number;
        int submissions;
        int attemptsMax;
        Way way = Way.UNASKED;
        List<OutcomeRecord> outcomes = List.of();
        List<RunRecord> runs = List.of();

        TaskRecord(long number) {
            this.number = number;
        }
    }

    /** What the driver was told of a task. */
    record OutcomeRecord(OutcomeKind kind, int attempts, long pid, String sum, int bytes) {}

    /** What a handler put on file of one run. */
    static final class RunRecord {

        final int attempt;
        final long pid;
        final long run;
        boolean ended;
        String sum = "";
        int bytes;

        RunRecord(int attempt, long pid, long run) {
            this.attempt = attempt;
            this.pid = pid;
            this.run = run;
        }
    }

    /** What the driver was told of a death. */
    record DeathRecord(
            String worker, long pid, Way way, int inFlight, int recovered, int wrapped, int returned, int lost) {}

    /** By number, from 1; place 0 is empty. */
    final List<@Nullable TaskRecord> tasks = new ArrayList<>();
    /** By pid. */
    final TreeMap<Long, DeathRecord> deaths = new TreeMap<>();
    /** What is wrong with single records already. */
    final List<String> violations = new ArrayList<>();

    boolean witnessed;
    int kills;
    int wrappedMin;
    long accepted = -1;
    long ended = -1;
    long stuck;
    long runs;

    private Evidence() {}

    static Evidence read(Path directory) throws IOException, EvidenceException {
        Evidence evidence = new Evidence();
        evidence.readDriver(directory.resolve(DriverLog.FILE));
        List<Path> files;
        try (Stream<Path> list = Files.list(directory)) {
            files = list.filter(file -> file.getFileName().toString().startsWith("runs-"))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            evidence.readRuns(file);
        }
        return evidence;
    }

    private void readDriver(Path file) throws IOException, EvidenceException {
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.US_ASCII)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                try {
                    readDriver(line.split(" ", -1));
                } catch (RuntimeException e) {
                    throw new EvidenceException(file.getFileName() + ": '" + line + "' is no record (" + e + ")");
                }
            }
        }
    }

    private void readDriver(String[] words) {
        switch (words[0]) {
            case "H" -> {
                witnessed = Boolean.parseBoolean(words[1]);
                kills = Integer.parseInt(words[2]);
                wrappedMin = Integer.parseInt(words[3]);
            }
            case "T" -> {
                TaskRecord task = task(Long.parseLong(words[1]));
                task.submissions++;
                task.attemptsMax = Integer.parseInt(words[2]);
                task.way = Way.valueOf(words[3]);
            }
            case "O" -> {
                TaskRecord task = task(Long.parseLong(words[1]));
                task.outcomes = with(
                        task.outcomes,
                        new OutcomeRecord(
                                OutcomeKind.valueOf(words[2]),
                                Integer.parseInt(words[3]),
                                Long.parseLong(words[4]),
                                words[5],
                                Integer.parseInt(words[6])));
            }
            case "D" -> readDeath(words);
            case "P" -> {
                accepted = Long.parseLong(words[1]);
                ended = Long.parseLong(words[2]);
                stuck = Long.parseLong(words[3]);
            }
            default -> throw new IllegalArgumentException("unknown kind");
        }
    }

    private void readDeath(String[] words) {
        DeathRecord death = new DeathRecord(
                words[1],
                Long.parseLong(words[2]),
                Way.valueOf(words[3]),
                Integer.parseInt(words[4]),
                Integer.parseInt(words[5]),
                Integer.parseInt(words[6]),
                Integer.parseInt(words[7]),
                Integer.parseInt(words[8]));
        if (deaths.put(death.pid, death) != null) {
            violations.add("process " + death.pid + " died twice, which only tells that its number was used twice");
        }
    }

    private void readRuns(Path file) throws IOException, EvidenceException {
        byte[] bytes = Files.readAllBytes(file);
        @Nullable RunRecord open = null;
        for (int at = 0; at + RUN_RECORD_BYTES <= bytes.length; at += RUN_RECORD_BYTES) {
            String line = new String(bytes, at, RUN_RECORD_BYTES, StandardCharsets.US_ASCII);
            try {
                open = readRun(line.strip().split(" ", -1), open);
            } catch (RuntimeException e) {
                throw new EvidenceException(file.getFileName() + " at " + at + ": '" + line.strip() + "' is no record ("
                        + e.getMessage() + ")");
            }
        }
    }

    /** Returns the run that is open after it. */
    private @Nullable RunRecord readRun(String[] words, @Nullable RunRecord open) {
        TaskRecord task = task(Long.parseLong(words[1]));
        int attempt = Integer.parseInt(words[2]);
        long pid = Long.parseLong(words[3]);
        long run = Long.parseLong(words[4]);
        if (words[0].equals("S")) {
            if (open != null) {
                violations.add("process " + pid + " began task " + task.number + " with another one unfinished");
            }
            RunRecord begun = new RunRecord(attempt, pid, run);
            task.runs = with(task.runs, begun);
            runs++;
            return begun;
        }
        if (!words[0].equals("E") || open == null || open.run != run || !task.runs.contains(open)) {
            throw new IllegalArgumentException("it does not end what was begun last");
        }
        open.ended = true;
        open.sum = words[5];
        open.bytes = Integer.parseInt(words[6]);
        return null;
    }

    private TaskRecord task(long number) {
        if (number < 1 || number > TASKS_MAX) {
            throw new IllegalArgumentException("there is no task " + number);
        }
        while (tasks.size() <= number) {
            tasks.add(null);
        }
        TaskRecord known = tasks.get((int) number);
        if (known == null) {
            known = new TaskRecord(number);
            tasks.set((int) number, known);
        }
        return known;
    }

    private static <T> List<T> with(List<T> list, T more) {
        if (list.isEmpty()) {
            return List.of(more);
        }
        List<T> longer = new ArrayList<>(list);
        longer.add(more);
        return longer;
    }
}
