package org.procpool.cli;

import java.time.Duration;
import org.procpool.client.ClientAccess;
import org.procpool.client.PoolClient;
import org.procpool.proto.OnDisconnect;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where the service takes tasks, for commands that submit or fetch. */
final class ServerOption {

    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:PROCPOOL_SERVER:-127.0.0.1:7420}",
            description = "The service; default $PROCPOOL_SERVER, else 127.0.0.1:7420.")
    private String server = "";

    @Mixin
    private final AccessFlags accessFlags = new AccessFlags();

    /**
     * Connects.
     *
     * @param reconnects whether the command goes on after a loss of the connection
     * @throws org.procpool.client.ClientException naming address and cause
     */
    PoolClient connect(boolean reconnects) {
        ClientAccess access = accessFlags.access();
        try {
            return PoolClient.builder()
                    .address(server)
                    .access(access)
                    .clientName("procpool-cli")
                    // Ctrl-C on the command means: I do not want this any more.
                    .onDisconnect(OnDisconnect.CANCEL_ALL)
                    .reconnect(reconnects)
                    .reconnectTimeout(Duration.ofSeconds(10))
                    .closeTimeout(Duration.ofSeconds(1))
                    .queueLimit(64, 16 << 20)
                    .connect();
        } catch (IllegalArgumentException e) {
            throw CliException.usage("--server: " + e.getMessage());
        }
    }
}
