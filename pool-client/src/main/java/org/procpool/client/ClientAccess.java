package org.procpool.client;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.procpool.secret.PemFiles;
import org.procpool.secret.SecretFile;

/**
 * How a client proves who it is, and knows whom it talks to: TLS, its certificate, its token. Immutable; files are read
 * for each connection, so that one that was renewed is taken.
 *
 * @param tls whether to speak TLS
 * @param authorities PEM of those who may vouch for the service; null = those that Java knows
 * @param certificate PEM of this client; null = none
 * @param key its private key, PKCS#8 PEM, closed to other users
 * @param tokenFile one token, mode 0600; null = none
 * @param insecure whether a token may go to another machine without TLS
 */
public record ClientAccess(
        boolean tls,
        @Nullable Path authorities,
        @Nullable Path certificate,
        @Nullable Path key,
        @Nullable Path tokenFile,
        boolean insecure) {

    /** Without TLS, certificate and token: for a service on this machine that asks for none. */
    public static final ClientAccess NONE = new ClientAccess(false, null, null, null, null, false);

    /**
     * Checks what does not go together.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public ClientAccess {
        if (!tls && (authorities != null || certificate != null || key != null)) {
            throw new IllegalArgumentException("certificates and keys are for TLS, which is off");
        }
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("a certificate and its key belong together; give both");
        }
    }

    /** TLS with a service that those authorities vouch for. */
    public static ClientAccess tls(Path authorities) {
        return new ClientAccess(true, authorities, null, null, null, false);
    }

    /** The same, and this client shows a certificate too. */
    public ClientAccess withCertificate(Path newCertificate, Path newKey) {
        return new ClientAccess(tls, authorities, newCertificate, newKey, tokenFile, insecure);
    }

    /** The same with a token. */
    public ClientAccess withTokenFile(Path file) {
        return new ClientAccess(tls, authorities, certificate, key, file, insecure);
    }

    /**
     * The token; empty if there is none.
     *
     * @throws ClientException ACCESS if it cannot be read
     */
    public String token() {
        try {
            return tokenFile == null ? "" : SecretFile.token(tokenFile);
        } catch (IOException e) {
            throw new ClientException(ClientException.ACCESS, String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Makes sure that no token goes over a network in the clear.
     *
     * @throws ClientException ACCESS if it would
     */
    public void checkToken(InetAddress service) {
        if (tokenFile != null && !tls && !insecure && !service.isLoopbackAddress()) {
            throw new ClientException(
                    ClientException.ACCESS,
                    "the token would go to " + service.getHostAddress()
                            + " in the clear, for everybody on the way to read; use TLS, or accept that (insecure)");
        }
    }

    /**
     * From the files as they are now.
     *
     * @throws ClientException ACCESS if one of them cannot be used
     */
    public SSLContext context() {
        try {
            KeyManager[] keys = certificate == null || key == null
                    ? null
                    : PemFiles.identity(certificate, key).getKeyManagers();
            TrustManager[] trust =
                    authorities == null ? null : PemFiles.trust(authorities).getTrustManagers();
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new ClientException(ClientException.ACCESS, String.valueOf(e.getMessage()), e);
        }
    }
}
