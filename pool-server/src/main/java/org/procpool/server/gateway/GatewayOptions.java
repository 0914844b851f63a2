package org.procpool.server.gateway;

import java.net.InetSocketAddress;
import org.procpool.task.Durations;

/**
 * What the gateway is to be. Times in nanoseconds, sizes in bytes.
 *
 * @param connectionsMax connections at a time, from 1; further ones are told so and closed
 * @param windowTasks unfinished attached tasks of one connection before it is read no further, from 1
 * @param windowBytes the same for their payloads
 * @param unsentBytesMax results that a client has not taken before nothing more is started for it
 * @param handshakeTimeoutNanos from connecting to Hello, and for a frame that has begun to go on
 * @param slowClientTimeoutNanos how long a client may leave more than that unsent
 * @param keptResultsMax outcomes of detached tasks that are kept, the newest
 * @param keptResultBytesMax their payloads and errors
 * @param resultTtlNanos how long each is kept
 * @param payloadBytesMax largest payload of a task
 */
public record GatewayOptions(
        InetSocketAddress listen,
        int connectionsMax,
        int windowTasks,
        long windowBytes,
        long unsentBytesMax,
        long handshakeTimeoutNanos,
        long slowClientTimeoutNanos,
        int keptResultsMax,
        long keptResultBytesMax,
        long resultTtlNanos,
        int payloadBytesMax) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public GatewayOptions {
        atLeastOne("max-connections", connectionsMax);
        atLeastOne("window", windowTasks);
        atLeastOne("window-bytes", windowBytes);
        atLeastOne("unsent-bytes", unsentBytesMax);
        atLeastOne("kept-results", keptResultsMax);
        atLeastOne("kept-result-bytes", keptResultBytesMax);
        positive("handshake-timeout", handshakeTimeoutNanos);
        positive("slow-client-timeout", slowClientTimeoutNanos);
        positive("result-ttl", resultTtlNanos);
    }

    private static void atLeastOne(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ", allowed is 1 and up");
        }
    }

    private static void positive(String name, long nanos) {
        if (nanos <= 0) {
            throw new IllegalArgumentException(name + " is " + Durations.format(nanos) + ", it must be more than 0");
        }
    }
}
