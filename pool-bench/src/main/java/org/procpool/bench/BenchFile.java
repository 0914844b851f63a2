package org.procpool.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.procpool.task.Sizes;

/**
 * Measurements as they are kept on file, to be compared and shown.
 *
 * @param format of the file, {@value #FORMAT} today; a file of another format is refused
 * @param madeAt in UTC
 * @param title what was measured, for people
 * @param runs the same load again and again
 * @param sweep steps of a search for the highest rate; may be empty
 */
public record BenchFile(
        int format, String madeAt, String title, Machine machine, List<Run> runs, List<RateStep> sweep) {

    private static final int FORMAT = 1;
    private static final ObjectMapper MAPPER =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    /** Copies the lists. */
    public BenchFile {
        runs = List.copyOf(runs);
        sweep = List.copyOf(sweep);
    }

    /** Where the load was made; the service's machine, too, unless it was told to go elsewhere. */
    public record Machine(String processor, int processors, String memory, String system, String java) {

        static Machine here() {
            return new Machine(
                    field("/proc/cpuinfo", "model name"),
                    Runtime.getRuntime().availableProcessors(),
                    installedMemory(),
                    System.getProperty("os.name") + " " + System.getProperty("os.version"),
                    System.getProperty("java.runtime.version"));
        }

        private static String installedMemory() {
            String kib = field("/proc/meminfo", "MemTotal").replaceAll("\\D", "");
            return kib.isEmpty() ? "unknown" : Sizes.format(Long.parseLong(kib) << 10);
        }

        private static String field(String file, String name) {
            try (var lines = Files.lines(Path.of(file), StandardCharsets.ISO_8859_1)) {
                return lines.filter(line -> line.startsWith(name))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst()
                        .orElse("unknown");
            } catch (IOException e) {
                return "unknown";
            }
        }

        @Override
        public String toString() {
            return processors + " processors (" + processor + "), " + memory + " of memory, " + system + ", Java "
                    + java;
        }
    }

    /** One run. */
    public record Run(
            double perSec,
            long completed,
            long errors,
            Map<String, Long> errorsByKind,
            double p50Micros,
            double p90Micros,
            double p99Micros,
            double p999Micros,
            double maxMicros,
            Trace trace) {

        static Run of(BenchResult result) {
            return new Run(
                    result.perSec(),
                    result.completed(),
                    result.errors(),
                    result.errorsByKind(),
                    result.p50Micros(),
                    result.p90Micros(),
                    result.p99Micros(),
                    result.p999Micros(),
                    result.maxMicros(),
                    result.trace());
        }
    }

    /**
     * One step of a search for the highest rate.
     *
     * @param held whether the service kept up, with the p99 under the bound
     */
    public record RateStep(
            double duePerSec, double perSec, double p50Micros, double p99Micros, double maxMicros, boolean held) {}

    /** Of runs that were just made here; at least one. */
    public static BenchFile of(List<BenchResult> results, List<RateStep> sweep) {
        BenchResult first = results.get(0);
        BenchOptions options = first.options();
        String title = options.tasks() + ", "
                + (options.perSec() == 0
                        ? "window " + options.window()
                        : "due at " + Math.round(options.perSec()) + "/s")
                + ", " + Lines.plural(options.connections(), "connection") + ", "
                + Lines.plural(first.workers(), "worker");
        return new BenchFile(
                FORMAT,
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                title,
                Machine.here(),
                results.stream().map(Run::of).toList(),
                sweep);
    }

    /**
     * Reads one.
     *
     * @throws BenchException with a sentence for people
     */
    public static BenchFile read(Path file) throws BenchException {
        try {
            BenchFile read = MAPPER.readValue(file.toFile(), BenchFile.class);
            if (read.format != FORMAT || read.runs.isEmpty()) {
                throw new BenchException(file + " is not a result of 'procpool bench --save' of this version");
            }
            return read;
        } catch (JsonProcessingException e) {
            throw new BenchException(
                    file + " is not a result of 'procpool bench --save' (" + e.getOriginalMessage() + ")", e);
        } catch (IOException e) {
            throw new BenchException("cannot read " + file + " (" + e.getMessage() + ")", e);
        }
    }

    /** Writes it; what was there before is gone. */
    public void write(Path file) throws BenchException {
        try {
            Files.write(file, MAPPER.writeValueAsBytes(this));
        } catch (IOException e) {
            throw new BenchException("cannot write " + file + " (" + e.getMessage() + ")", e);
        }
    }

    Spread of(ToDoubleFunction<Run> value) {
        return Spread.of(runs, value);
    }
}
