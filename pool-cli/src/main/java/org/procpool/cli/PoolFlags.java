package org.procpool.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.procpool.PoolOptions;
import org.procpool.task.Routing;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code serve} about the pool. What is not given keeps the library's default. */
final class PoolFlags {

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "Worker processes, 1 to 1024 with --spares; default: one a processor.")
    private @Nullable Integer workers;

    @Option(
            names = "--routing",
            paramLabel = "R",
            converter = RoutingReader.class,
            completionCandidates = Routings.class,
            description = "Which worker gets the next task: least-busy or round-robin; default least-busy.")
    private @Nullable Routing routing;

    @Option(names = "--queue-limit", paramLabel = "N", description = "Tasks that may wait; default 100000.")
    private @Nullable Integer queueLimit;

    @Option(
            names = "--queue-bytes",
            paramLabel = "SIZE",
            converter = SizeReader.class,
            description = "Payloads of tasks that may wait; default 256m.")
    private @Nullable Long queueBytes;

    @Option(
            names = "--max-payload",
            paramLabel = "SIZE",
            converter = SizeReader.class,
            description = "Largest payload of a task or a result; default 64m.")
    private @Nullable Long maxPayload;

    @Option(
            names = "--run-timeout",
            paramLabel = "D",
            description = "Longest run of tasks that set none themselves, such as 30s; default: none.")
    private @Nullable Duration runTimeout;

    @Option(
            names = "--grace",
            paramLabel = "D",
            description =
                    "From the interrupt of a task to the kill of its worker, not longer than --run-timeout; default"
                            + " 2s, or as --run-timeout if that is shorter.")
    private @Nullable Duration grace;

    @Option(names = "--boot-timeout", paramLabel = "D", description = "From a worker's launch to ready; default 20s.")
    private @Nullable Duration bootTimeout;

    @Option(
            names = "--boot-attempts",
            paramLabel = "N",
            description = "Boots that fail in a row before the service gives up; default 3.")
    private @Nullable Integer bootAttempts;

    @Option(
            names = "--drain-timeout",
            paramLabel = "D",
            description = "How long a shutdown lets tasks finish; default 25s.")
    private @Nullable Duration drainTimeout;

    @Option(
            names = "--disconnect-grace",
            paramLabel = "D",
            description = "From a client's vanishing to the cancelling of its tasks; default 2s.")
    private @Nullable Duration disconnectGrace;

    @Option(
            names = "--run-dir",
            paramLabel = "DIR",
            description = "For sockets and the admin token; default $RUNTIME_DIRECTORY, $XDG_RUNTIME_DIR/procpool or a"
                    + " directory of yours in /tmp.")
    private @Nullable Path runDirectory;

    @Option(
            names = "--worker-heap",
            paramLabel = "SIZE",
            converter = SizeReader.class,
            description = "Largest heap of each worker; default 0, which divides what the machine or control group has"
                    + " among the service, workers and spares, up to 1g each.")
    private @Nullable Long workerHeap;

    @Option(
            names = "--worker-jvm-args",
            paramLabel = "'ARGS'",
            description = "More options for the workers' JVMs, such as '-Xss1m -Dkey=value'.")
    private @Nullable String workerJvmArgs;

    @Mixin
    private final HandlerFlags handlerFlags = new HandlerFlags();

    @Mixin
    private final ElasticityFlags elasticityFlags = new ElasticityFlags();

    @Mixin
    private final CareFlags careFlags = new CareFlags();

    @Mixin
    private final GroupFlags groupFlags = new GroupFlags();

    @Mixin
    private final ClientFlags clientFlags = new ClientFlags();

    @Mixin
    private final RecorderFlags recorderFlags = new RecorderFlags();

    /**
     * The options.
     *
     * @param otherwise class path of the handlers if none is given
     */
    PoolOptions apply(List<Path> otherwise) {
        PoolOptions options = PoolOptions.defaults()
                .withName("procpool")
                .withHandlers(handlerFlags.classPath(otherwise))
                .withProviders(handlerFlags.providers());
        options = elasticityFlags.apply(with(options, workers, PoolOptions::withWorkers), workers != null);
        options = with(options, routing, PoolOptions::withRouting);
        options = with(options, queueLimit, PoolOptions::withQueueTasksMax);
        options = with(options, queueBytes, PoolOptions::withQueueBytesMax);
        options = with(options, maxPayloadBytes(), PoolOptions::withPayloadBytesMax);
        options = with(options, nanos(runTimeout), PoolOptions::withRunTimeoutNanos);
        options = with(options, nanos(grace), PoolOptions::withGraceNanos);
        options = with(options, nanos(bootTimeout), PoolOptions::withBootTimeoutNanos);
        options = with(options, bootAttempts, PoolOptions::withBootAttempts);
        options = with(options, nanos(drainTimeout), PoolOptions::withDrainTimeoutNanos);
        options = with(options, nanos(disconnectGrace), PoolOptions::withDisconnectGraceNanos);
        options = with(options, runDirectory, PoolOptions::withRunDirectory);
        options = with(options, handlerFlags.workerJava(), PoolOptions::withJava);
        if (workerHeap != null) {
            options = options.withPrograms(options.programs().withWorkerHeap(workerHeap));
        }
        if (workerJvmArgs != null) {
            options = options.withWorkerJvmArgs(List.of(workerJvmArgs.strip().split("\\s+", -1)));
        }
        return recorderFlags.apply(clientFlags.apply(groupFlags.apply(careFlags.apply(options))));
    }

    boolean servesSamples() {
        return !handlerFlags.namesHandlers();
    }

    private @Nullable Integer maxPayloadBytes() {
        if (maxPayload == null) {
            return null;
        }
        if (maxPayload > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("max-payload is 2g or more, the limit is 128k below that");
        }
        return maxPayload.intValue();
    }

    static @Nullable Long nanos(@Nullable Duration duration) {
        return duration == null ? null : duration.toNanos();
    }

    static <T, V> T with(T options, @Nullable V value, BiFunction<T, V, T> change) {
        return value == null ? options : change.apply(options, value);
    }

    static final class Routings implements Iterable<String> {

        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(Routing.values()).map(Routing::label).iterator();
        }
    }

    static final class RoutingReader implements ITypeConverter<Routing> {

        @Override
        public Routing convert(String text) {
            for (Routing routing : Routing.values()) {
                if (routing.label().equals(text)) {
                    return routing;
                }
            }
            throw new IllegalArgumentException("'" + text + "' is not a routing; there are least-busy and round-robin");
        }
    }
}
