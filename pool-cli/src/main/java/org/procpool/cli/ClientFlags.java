package org.procpool.cli;

import static org.procpool.cli.PoolFlags.with;

import org.jspecify.annotations.Nullable;
import org.procpool.PoolOptions;
import org.procpool.conductor.ClientLimits;
import picocli.CommandLine.Option;

/** The options of {@code serve} about how much one client may take up. */
final class ClientFlags {

    @Option(
            names = "--max-queued-per-client",
            paramLabel = "N",
            description =
                    "Tasks of one client that may wait; what it submits beyond is REJECTED with CLIENT_QUEUE_FULL."
                            + " A client is a connection, or all that come by HTTP with one token or from one address; default"
                            + " 0 = no limit.")
    private @Nullable Integer maxQueued;

    @Option(
            names = "--max-in-flight-per-client",
            paramLabel = "N",
            description = "Tasks of one client that may be with workers; beyond it they wait while those of others go"
                    + " on; default 0 = no limit.")
    private @Nullable Integer maxInFlight;

    PoolOptions apply(PoolOptions options) {
        ClientLimits limits = with(options.clients(), maxQueued, ClientLimits::withQueuedTasksMax);
        return options.withClients(with(limits, maxInFlight, ClientLimits::withInFlightTasksMax));
    }
}
