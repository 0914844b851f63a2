package org.procpool.cli;

import static org.procpool.cli.PoolFlags.nanos;
import static org.procpool.cli.PoolFlags.with;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.procpool.server.security.SecurityOptions;
import picocli.CommandLine.Option;

/** The options of {@code serve} about who is let in. */
final class SecurityFlags {

    @Option(
            names = "--insecure",
            description = "Allows addresses that other machines can reach without TLS, or without asking who it is;"
                    + " everybody there could run tasks.")
    private boolean insecure;

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description = "Certificate of the service, PEM, with those behind it; both addresses then speak TLS only.")
    private @Nullable Path certificate;

    @Option(
            names = "--tls-key",
            paramLabel = "FILE",
            description = "Its private key, PKCS#8 PEM, closed to other users.")
    private @Nullable Path key;

    @Option(
            names = "--tls-client-ca",
            paramLabel = "FILE",
            description = "Clients must show a certificate of these authorities, PEM.")
    private @Nullable Path clientAuthority;

    @Option(
            names = "--tokens",
            paramLabel = "FILE",
            description = "Who may do what: lines of name, scopes (submit, read, admin, with ',' between) and token;"
                    + " mode 0600. Default: the systemd credential procpool.tokens, else no token is asked for but to"
                    + " steer.")
    private @Nullable Path tokens;

    @Option(
            names = "--admin-host-names",
            paramLabel = "NAME",
            split = ",",
            description =
                    "Names under which the admin HTTP may be asked without TLS, beside localhost and its" + " address.")
    private List<String> hostNames = new ArrayList<>();

    @Option(
            names = "--max-connections-per-address",
            paramLabel = "N",
            description = "Connections at a time from one address, TCP and HTTP together; default 0 = no such limit.")
    private @Nullable Integer connectionsPerAddress;

    @Option(
            names = "--idle-timeout",
            paramLabel = "D",
            description = "How long a client may say nothing while nothing is unfinished; from 1s, default 0s = for"
                    + " ever.")
    private @Nullable Duration idleTimeout;

    SecurityOptions apply() {
        SecurityOptions options = SecurityOptions.defaults()
                .withInsecure(insecure)
                .withHostNames(hostNames.stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .toList());
        options = with(options, certificate, SecurityOptions::withCertificate);
        options = with(options, key, SecurityOptions::withKey);
        options = with(options, clientAuthority, SecurityOptions::withClientAuthority);
        options = with(options, tokens, SecurityOptions::withTokens);
        options = with(options, connectionsPerAddress, SecurityOptions::withConnectionsPerAddressMax);
        options = with(options, nanos(idleTimeout), SecurityOptions::withIdleTimeoutNanos);
        options.checkTogether();
        return options;
    }
}
