package org.procpool.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.procpool.client.TaskRequest;
import org.procpool.proto.Payload;
import picocli.CommandLine.Option;

/** How urgent a task is, how long it may wait and run, how often it may be tried. */
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
                    .withMaxAttempts(maxAttempts);
            return priority == null ? request : request.withPriority(priority);
        } catch (IllegalArgumentException e) {
            throw CliException.usage(String.valueOf(e.getMessage()));
        }
    }
}
