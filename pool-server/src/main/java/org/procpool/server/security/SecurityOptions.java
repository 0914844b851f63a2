package org.procpool.server.security;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.procpool.task.Durations;

/**
 * Who is let in. Immutable; made from {@link #defaults()} with the {@code with…} methods.
 *
 * @param insecure whether to listen beyond this machine without TLS or without asking who it is
 * @param certificate PEM, of both addresses; null = no TLS
 * @param key its private key, PKCS#8 PEM, closed to other users
 * @param clientAuthority PEM; clients must show a certificate of it; null = they need none
 * @param tokens file of tokens, mode 0600; null = no token is asked for but for steering
 * @param hostNames under which the admin HTTP may be asked, beside its address and localhost
 * @param connectionsPerAddressMax clients from one address at a time; 0 = as many as there may be in all
 * @param idleTimeoutNanos how long a client may be silent with nothing unfinished, from 1 s; 0 = for ever
 */
public record SecurityOptions(
        boolean insecure,
        @Nullable Path certificate,
        @Nullable Path key,
        @Nullable Path clientAuthority,
        @Nullable Path tokens,
        List<String> hostNames,
        int connectionsPerAddressMax,
        long idleTimeoutNanos) {

    /** Of systemd, in {@code $CREDENTIALS_DIRECTORY}. */
    public static final String CREDENTIAL = "procpool.tokens";

    private static final long IDLE_NANOS_MIN = TimeUnit.SECONDS.toNanos(1);

    public SecurityOptions {
        hostNames = List.copyOf(hostNames);
        if (connectionsPerAddressMax < 0) {
            throw new IllegalArgumentException("max-connections-per-address is " + connectionsPerAddressMax
                    + ", allowed is 1 and up, or 0 for no limit of its own");
        }
        if (idleTimeoutNanos != 0 && idleTimeoutNanos < IDLE_NANOS_MIN) {
            throw new IllegalArgumentException("idle-timeout is " + Durations.format(idleTimeoutNanos)
                    + ", it must be at least 1s, or 0s for never");
        }
    }

    /** Loopback only, and no token but for steering; the systemd credential {@value #CREDENTIAL} if there is one. */
    public static SecurityOptions defaults() {
        return new SecurityOptions(false, null, null, null, credential(), List.of(), 0, 0);
    }

    private static @Nullable Path credential() {
        String directory = System.getenv("CREDENTIALS_DIRECTORY");
        Path file = directory == null || directory.isEmpty() ? null : Path.of(directory, CREDENTIAL);
        return file != null && Files.exists(file) ? file : null;
    }

    /**
     * Checks what each may be by itself but not together.
     *
     * @throws IllegalArgumentException with a sentence for people, naming both
     */
    public void checkTogether() {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("tls-cert and tls-key belong together; give both");
        }
        if (clientAuthority != null && certificate == null) {
            throw new IllegalArgumentException(
                    "tls-client-ca asks clients for certificates, which needs TLS; give tls-cert and tls-key too");
        }
    }

    /** Whether strangers are kept from reading along, and told from friends. */
    public boolean safeForStrangers() {
        return certificate != null && (clientAuthority != null || tokens != null);
    }

    public SecurityOptions withInsecure(boolean value) {
        return with(draft -> draft.insecure = value);
    }

    public SecurityOptions withCertificate(Path value) {
        return with(draft -> draft.certificate = value);
    }

    public SecurityOptions withKey(Path value) {
        return with(draft -> draft.key = value);
    }

    public SecurityOptions withClientAuthority(Path value) {
        return with(draft -> draft.clientAuthority = value);
    }

    public SecurityOptions withTokens(Path value) {
        return with(draft -> draft.tokens = value);
    }

    public SecurityOptions withHostNames(List<String> value) {
        return with(draft -> draft.hostNames = value);
    }

    public SecurityOptions withConnectionsPerAddressMax(int value) {
        return with(draft -> draft.connectionsPerAddressMax = value);
    }

    public SecurityOptions withIdleTimeoutNanos(long value) {
        return with(draft -> draft.idleTimeoutNanos = value);
    }

    private SecurityOptions with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return new SecurityOptions(
                draft.insecure,
                draft.certificate,
                draft.key,
                draft.clientAuthority,
                draft.tokens,
                draft.hostNames,
                draft.connectionsPerAddressMax,
                draft.idleTimeoutNanos);
    }

    /** The options while one of them changes. */
    private static final class Draft {

        private boolean insecure;
        private @Nullable Path certificate;
        private @Nullable Path key;
        private @Nullable Path clientAuthority;
        private @Nullable Path tokens;
        private List<String> hostNames;
        private int connectionsPerAddressMax;
        private long idleTimeoutNanos;

        private Draft(SecurityOptions from) {
            insecure = from.insecure;
            certificate = from.certificate;
            key = from.key;
            clientAuthority = from.clientAuthority;
            tokens = from.tokens;
            hostNames = from.hostNames;
            connectionsPerAddressMax = from.connectionsPerAddressMax;
            idleTimeoutNanos = from.idleTimeoutNanos;
        }
    }
}
