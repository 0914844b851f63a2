package org.procpool.bench.torture;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the verifier found.
 *
 * @param runs beginnings that handlers put on file
 * @param violations sentences; empty if all holds. Of many only the first are told
 * @param violationCount all of them
 */
public record Verdict(long tasks, long runs, long deaths, long lost, List<String> violations, long violationCount) {

    private static final String VIOLATION = "violation ";

    public Verdict {
        violations = List.copyOf(violations);
    }

    public boolean holds() {
        return violationCount == 0;
    }

    /** Starts {@link TortureVerifier} as a JVM of its own on that directory and waits for it. */
    static Verdict of(Path evidence) throws IOException, InterruptedException, TortureException {
        Process verifier = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseParallelGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TortureVerifier.class.getName(),
                        evidence.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output = verifier.inputReader(StandardCharsets.UTF_8)) {
            List<String> lines = output.lines().toList();
            int exitCode = verifier.waitFor();
            return parse(lines, exitCode);
        } finally {
            verifier.destroyForcibly();
        }
    }

    private static Verdict parse(List<String> lines, int exitCode) throws TortureException {
        long[] counts = null;
        List<String> violations = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith(VIOLATION)) {
                violations.add(line.substring(VIOLATION.length()));
            } else if (line.matches("counts( \\d+){5}")) {
                counts = Arrays.stream(line.substring("counts ".length()).split(" ", -1))
                        .mapToLong(Long::parseLong)
                        .toArray();
            }
        }
        if (counts == null || (exitCode == 0) != (counts[4] == 0)) {
            throw new TortureException(
                    "the verifier ended with exit code " + exitCode + " and said: " + String.join(" / ", lines));
        }
        return new Verdict(counts[0], counts[1], counts[2], counts[3], violations, counts[4]);
    }

    /** As the verifier prints it. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("counts " + tasks + ' ' + runs + ' ' + deaths + ' ' + lost + ' ' + violationCount);
        violations.forEach(violation -> lines.add(VIOLATION + violation));
        return lines;
    }
}
