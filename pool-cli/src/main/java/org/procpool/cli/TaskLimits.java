package org.procpool.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.procpool.client.TaskRequest;
import org.procpool.proto.Payload;
import org.procpool.proto.Retry;
import picocli.CommandLine.Option;

/** How urgent a task is, how long it may wait and run, how often it may be tried, and where. */
final class TaskLimits {

    @Option(
            names = "--timeout",
            paramLabel = "D",
            description = "Longest run of one attempt, such as 500ms, 2s, 5m; default: the service's run-timeout.")
    private Duration timeout = Duration.ZERO;

    @Option(
            names = {"--deadline", "--ttl"},
            paramLabel = "D",
            description = "The task must start within this time, else it is EXPIRED; default: none.")
    private Duration deadline = Duration.ZERO;

    @Option(names = "--priority", paramLabel = "P", description = "0 (least) to 9 (most urgent); default 4.")
    private @Nullable Integer priority;

    @Option(
            names = "--max-attempts",
            paramLabel = "N",
            description = "How often it may run if its worker dies under it; above 1 says that it is safe to repeat."
                    + " Default 1.")
    private int maxAttempts = 1;

    @Option(
            names = {"--affinity", "--key"},
            paramLabel = "KEY",
            description = "Tasks with the same key prefer the same worker, until it is busy beyond the service's"
                    + " patience; default: any worker.")
    private String key = "";

    @Option(
            names = "--retry-on-failure",
            paramLabel = "N",
            description = "How many attempts may fail in all: it runs again if it fails, after a while; default 1.")
    private @Nullable Integer retry;

    @Option(
            names = "--retry-backoff",
            paramLabel = "D",
            description = "From the first failure to the next attempt; doubles with each, give or take a fifth; default"
                    + " 100ms.")
    private @Nullable Duration retryBackoff;

    @Option(
            names = "--retry-backoff-max",
            paramLabel = "D",
            description = "The most that it grows to; default 30s, or --retry-backoff if that is longer.")
    private @Nullable Duration retryBackoffMax;

    @Option(names = "--retire-worker", description = "Its worker is replaced afterwards, however the task ended.")
    private boolean retireWorker;

    /**
     * A request with these limits.
     *
     * @throws CliException usage, if one is out of its range
     */
    TaskRequest request(String task, Payload payload) {
        try {
            TaskRequest request = TaskRequest.of(task, payload)
                    .withRunTimeout(timeout)
                    .withTtl(deadline)
                    .withMaxAttempts(maxAttempts)
                    .withKey(key)
                    .withRetry(retry())
                    .withRetiresWorker(retireWorker);
            return priority == null ? request : request.withPriority(priority);
        } catch (IllegalArgumentException e) {
            throw CliException.usage(String.valueOf(e.getMessage()));
        }
    }

    private Retry retry() {
        if (retry == null && (retryBackoff != null || retryBackoffMax != null)) {
            throw CliException.usage("--retry-backoff and --retry-backoff-max are for --retry-on-failure");
        }
        if (retry == null) {
            return Retry.NEVER;
        }
        if (retry < 1) {
            throw CliException.usage("--retry-on-failure is " + retry + ", allowed is 1 to 1000");
        }
        return new Retry(retry, millis(retryBackoff), millis(retryBackoffMax));
    }

    private static long millis(@Nullable Duration duration) {
        return duration == null ? 0 : duration.toMillis();
    }
}
