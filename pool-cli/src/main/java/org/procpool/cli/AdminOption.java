package org.procpool.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Predicate;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.procpool.client.ClientAccess;
import org.procpool.process.RunDirectory;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The admin HTTP of a service, for commands that look or steer. */
final class AdminOption {

    /** The run directory of the service that a package has installed. */
    private static final Path PACKAGED = Path.of("/run/procpool");

    private static final int CONNECT_MILLIS = 5_000;
    private static final int READ_MILLIS = 30_000;
    private static final int ANSWER_BYTES_MAX = 64 << 20;
    private static final String EVENT_DATA = "data: ";

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:PROCPOOL_ADMIN:-127.0.0.1:7421}",
            description = "The service's admin address; default $PROCPOOL_ADMIN, else 127.0.0.1:7421.")
    private String admin = "";

    @Mixin
    private final AccessFlags accessFlags = new AccessFlags();

    private int readMillis = READ_MILLIS;

    /** Waits for answers as long as it takes from now on. */
    AdminOption patient() {
        readMillis = 0;
        return this;
    }

    /**
     * Asks for something.
     *
     * @param path below the address, for example {@code /api/status}
     * @return the JSON
     * @throws CliException if nobody answers, or not with that
     */
    String get(String path) {
        ClientAccess access = accessFlags.access();
        return request("GET", path, access, tokenToRead(access), null);
    }

    /**
     * Tells the service to do something.
     *
     * @param runDirectory where its token lies if none is given; null = the default place
     * @param body JSON; null = none
     * @return the JSON
     * @throws CliException if nobody answers, or the token is not there, or it refuses
     */
    String post(String path, @Nullable String body, @Nullable Path runDirectory) {
        ClientAccess access = accessFlags.access();
        String token = access.tokenFile() == null ? token(runDirectory) : access.token();
        return request("POST", path, access, token, body);
    }

    /**
     * Listens to what the service says until it ends that, or the listener has had enough.
     *
     * @param path of a stream of server-sent events
     * @param listener is given the data of each event; says whether it wants more
     * @throws CliException if nobody answers, or not with that, or the line is lost
     */
    void listen(String path, Predicate<String> listener) {
        ClientAccess access = accessFlags.access();
        try {
            HttpURLConnection connection = open("GET", path, access, tokenToRead(access));
            connection.setRequestProperty("Accept", "text/event-stream");
            refuseErrors(connection);
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith(EVENT_DATA) && !listener.test(line.substring(EVENT_DATA.length()))) {
                        return;
                    }
                }
            }
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    private @Nullable String tokenToRead(ClientAccess access) {
        return access.tokenFile() == null ? foundToken() : access.token();
    }

    private String request(
            String method, String path, ClientAccess access, @Nullable String token, @Nullable String body) {
        try {
            HttpURLConnection connection = open(method, path, access, token);
            if (method.equals("POST")) {
                connection.setDoOutput(true);
                connection.setRequestProperty("Content-Type", "application/json");
                connection.getOutputStream().write(Console.utf8(body == null ? "" : body));
            }
            refuseErrors(connection);
            return read(connection.getInputStream());
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    private HttpURLConnection open(String method, String path, ClientAccess access, @Nullable String token)
            throws IOException {
        URI uri = uri(access, path);
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        if (connection instanceof HttpsURLConnection secured) {
            secured.setSSLSocketFactory(access.context().getSocketFactory());
        }
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(readMillis);
        connection.setRequestMethod(method);
        if (token != null) {
            access.checkToken(InetAddress.getByName(uri.getHost()));
            connection.setRequestProperty("Authorization", "Bearer " + token);
        }
        return connection;
    }

    private CliException unreachable(IOException e) {
        if (e instanceof SSLException) {
            return new CliException(
                    ExitCode.UNREACHABLE,
                    "there is no TLS with " + admin + " (" + e.getMessage()
                            + "); does it speak TLS, and do its certificate and ours fit the authorities?",
                    e);
        }
        return new CliException(
                ExitCode.UNREACHABLE,
                "no procpool answers at " + admin + " (" + e.getMessage()
                        + "); start one with 'procpool serve', say where with --admin HOST:PORT, or give --tls-ca"
                        + " if it speaks TLS",
                e);
    }

    private void refuseErrors(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        if (status < 300) {
            return;
        }
        String text = read(connection.getErrorStream());
        String why = AdminJson.error(text);
        if (why == null) {
            throw new CliException(
                    ExitCode.UNREACHABLE,
                    "what answers at " + admin + " is not procpool's admin HTTP (" + status + ")");
        }
        throw new CliException(status == 404 ? ExitCode.GONE : ExitCode.REFUSED, admin + ": " + why);
    }

    private static String read(@Nullable InputStream in) throws IOException {
        if (in == null) {
            return "";
        }
        try (in) {
            return new String(in.readNBytes(ANSWER_BYTES_MAX), StandardCharsets.UTF_8);
        }
    }

    private URI uri(ClientAccess access, String path) {
        try {
            URI uri = new URI((access.tls() ? "https://" : "http://") + admin + path);
            if (uri.getHost() != null && uri.getPort() > 0 && uri.getPort() <= 65_535) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Said below.
        }
        throw CliException.usage("--admin: '" + admin
                + "' is not an address: write HOST:PORT, for example 127.0.0.1:7421 or [::1]:7421");
    }

    /** @param runDirectory the service's; null = the one of this user's services, else that of the package */
    private Path tokenFile(@Nullable Path runDirectory) {
        String name = "admin-" + uri(ClientAccess.NONE, "/").getPort() + ".token";
        Path file = (runDirectory == null ? RunDirectory.defaultBase() : runDirectory).resolve(name);
        Path packaged = PACKAGED.resolve(name);
        return runDirectory == null && !Files.exists(file) && Files.exists(packaged) ? packaged : file;
    }

    /** That of a service of this user on this machine; null if there is none, and perhaps none is needed. */
    private @Nullable String foundToken() {
        String host = uri(ClientAccess.NONE, "/").getHost();
        try {
            boolean here = InetAddress.getByName(host).isLoopbackAddress();
            return here ? Files.readString(tokenFile(null)).strip() : null;
        } catch (IOException e) {
            // The service says whether it would have needed one.
            return null;
        }
    }

    private String token(@Nullable Path runDirectory) {
        Path file = tokenFile(runDirectory);
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            // If there is no server either, that is what has to be said.
            get("/api/status");
            throw new CliException(
                    ExitCode.REFUSED,
                    "the admin token " + file + " is not there; give the server's --run-dir or a --token-file, or run"
                            + " this as its user on its machine",
                    e);
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.REFUSED,
                    "the admin token " + file + " cannot be read ("
                            + e.getClass().getSimpleName() + "); run this as the server's user",
                    e);
        }
    }

    @Override
    public String toString() {
        return admin;
    }
}
