package org.procpool.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long a user waits: until a service is ready, and for one task by the command line; beside an empty JVM. */
public final class StartSweep {

    private static final Pattern READY = Pattern.compile("procpool ready: clients (\\S+?),.*");
    private static final int ROUNDS = 10;
    private static final long END_SECONDS_MAX = 60;

    private StartSweep() {}

    /**
     * Measures, each by turns.
     *
     * @param command the program {@code procpool}
     * @param progress told the part that is done
     * @throws BenchException if the program does not do what it should
     */
    public static String run(Path command, int workers, DoubleConsumer progress)
            throws BenchException, IOException, InterruptedException {
        List<Double> ready = new ArrayList<>();
        List<Double> submit = new ArrayList<>();
        List<Double> java = new ArrayList<>();
        String empty = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        try (ScratchDirectory scratch = ScratchDirectory.create("procpool-start")) {
            List<String> serve = List.of(
                    command.toString(),
                    "serve",
                    "--workers=" + workers,
                    "--listen=127.0.0.1:0",
                    "--admin=127.0.0.1:0",
                    "--run-dir=" + scratch.path());
            for (int i = 0; i < ROUNDS; i++) {
                java.add(millisToEnd(empty, "-version"));
                long started = System.nanoTime();
                Process service = new ProcessBuilder(serve)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
                try {
                    String address = untilReady(service);
                    ready.add(millisSince(started));
                    submit.add(millisToEnd(command.toString(), "submit", "--server=" + address, "echo", "--text=hi"));
                } finally {
                    end(service);
                }
                progress.accept((i + 1.0) / ROUNDS);
            }
        }
        Lines text = new Lines();
        text.line("%d rounds, %s; from the start of the program, ms", ROUNDS, Lines.plural(workers, "worker"));
        text.line("  %-28s %8s %8s %8s", "", "lowest", "median", "highest");
        line(text, "serve, until ready", ready);
        line(text, "submit, until its end", submit);
        line(text, "java -version, same run", java);
        return text.toString();
    }

    private static void line(Lines text, String what, List<Double> millis) {
        Spread spread = Spread.of(millis);
        text.line("  %-28s %8.0f %8.0f %8.0f", what, spread.min(), spread.median(), spread.max());
    }

    private static String untilReady(Process service) throws BenchException, IOException {
        BufferedReader output = service.inputReader(StandardCharsets.UTF_8);
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher ready = READY.matcher(line);
            if (ready.matches()) {
                return ready.group(1);
            }
        }
        throw new BenchException("the service has ended before it was ready; try 'procpool serve' by hand");
    }

    private static double millisToEnd(String... command) throws BenchException, IOException, InterruptedException {
        long started = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new BenchException(String.join(" ", command) + " did not end in " + END_SECONDS_MAX + " s");
        }
        if (process.exitValue() != 0) {
            throw new BenchException(String.join(" ", command) + " ended with exit code " + process.exitValue());
        }
        return millisSince(started);
    }

    private static double millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e6;
    }

    private static void end(Process service) throws InterruptedException {
        service.destroy();
        if (!service.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)) {
            service.destroyForcibly();
        }
    }
}
