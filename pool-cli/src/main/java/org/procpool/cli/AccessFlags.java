package org.procpool.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.procpool.client.ClientAccess;
import picocli.CommandLine.Option;

/** How a command proves who it is, and knows whom it talks to. */
final class AccessFlags {

    private static final String SYSTEM = "system";

    @Option(
            names = "--tls-ca",
            paramLabel = "FILE",
            description = "Speaks TLS with a service that these authorities vouch for, PEM; 'system' for those that"
                    + " Java knows. Default $PROCPOOL_TLS_CA, else no TLS.")
    private @Nullable String authorities;

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description = "Certificate to show to a service that asks for one, PEM; default $PROCPOOL_TLS_CERT.")
    private @Nullable Path certificate;

    @Option(
            names = "--tls-key",
            paramLabel = "FILE",
            description = "Its private key, PKCS#8 PEM, closed to other users; default $PROCPOOL_TLS_KEY.")
    private @Nullable Path key;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "Holds the token to present, mode 0600; default $PROCPOOL_TOKEN_FILE.")
    private @Nullable Path tokenFile;

    @Option(names = "--insecure", description = "Lets the token go to another machine without TLS.")
    private boolean insecure;

    /** @throws CliException usage, if they do not go together */
    ClientAccess access() {
        String from = authorities == null ? environment("PROCPOOL_TLS_CA") : authorities;
        boolean tls = from != null;
        if (!tls && (certificate != null || key != null)) {
            throw CliException.usage("--tls-cert and --tls-key are for TLS; say with --tls-ca whom to believe");
        }
        try {
            return new ClientAccess(
                    tls,
                    from == null || from.equals(SYSTEM) ? null : Path.of(from),
                    tls ? orEnvironment(certificate, "PROCPOOL_TLS_CERT") : null,
                    tls ? orEnvironment(key, "PROCPOOL_TLS_KEY") : null,
                    orEnvironment(tokenFile, "PROCPOOL_TOKEN_FILE"),
                    insecure);
        } catch (IllegalArgumentException e) {
            throw CliException.usage(String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable Path orEnvironment(@Nullable Path given, String variable) {
        String value = environment(variable);
        return given == null && value != null ? Path.of(value) : given;
    }

    private static @Nullable String environment(String variable) {
        String value = System.getenv(variable);
        return value == null || value.isEmpty() ? null : value;
    }
}
