package org.procpool.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.OnDisconnect;

/** What a client was built with, checked; the meanings stand at {@link PoolClient.Builder}. */
record ClientOptions(
        List<HostPort> addresses,
        ClientAccess access,
        String clientName,
        OnDisconnect onDisconnect,
        Duration connectTimeout,
        boolean reconnects,
        Duration reconnectTimeout,
        Duration closeTimeout,
        int queueTasksMax,
        long queueBytesMax,
        boolean waitForRoom,
        @Nullable Executor executor) {

    ClientOptions {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("a client needs at least one address, for example 127.0.0.1:7420");
        }
        if (connectTimeout.isNegative() || connectTimeout.isZero()) {
            throw new IllegalArgumentException("connectTimeout " + connectTimeout + " is not above zero");
        }
        if (reconnectTimeout.isNegative() || closeTimeout.isNegative()) {
            throw new IllegalArgumentException("a time-out is negative");
        }
        if (queueTasksMax < 1 || queueBytesMax < 1) {
            throw new IllegalArgumentException("the local queue needs room for one task and one byte, not "
                    + queueTasksMax + " and " + queueBytesMax);
        }
    }
}
