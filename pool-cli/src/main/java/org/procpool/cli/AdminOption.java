package org.procpool.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.procpool.process.RunDirectory;
import picocli.CommandLine.Option;

/** The admin HTTP of a service, for commands that look or steer. */
final class AdminOption {

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

    /**
     * Asks for something.
     *
     * @param path below the address, for example {@code /api/status}
     * @return the JSON
     * @throws CliException if nobody answers, or not with that
     */
    String get(String path) {
        return request("GET", path, null, null);
    }

    /**
     * Tells the service to do something.
     *
     * @param runDirectory where its token lies; null = the default place
     * @param body JSON; null = none
     * @return the JSON
     * @throws CliException if nobody answers, or the token is not there, or it refuses
     */
    String post(String path, @Nullable String body, @Nullable Path runDirectory) {
        return request("POST", path, token(runDirectory), body);
    }

    /**
     * Listens to what the service says until it ends that, or the listener has had enough.
     *
     * @param path of a stream of server-sent events
     * @param listener is given the data of each event; says whether it wants more
     * @throws CliException if nobody answers, or not with that, or the line is lost
     */
    void listen(String path, Predicate<String> listener) {
        try {
            HttpURLConnection connection = open("GET", path, null);
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

    private String request(String method, String path, @Nullable String token, @Nullable String body) {
        try {
            HttpURLConnection connection = open(method, path, token);
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

    private HttpURLConnection open(String method, String path, @Nullable String token) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) uri(path).toURL().openConnection();
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(READ_MILLIS);
        connection.setRequestMethod(method);
        if (token != null) {
            connection.setRequestProperty("Authorization", "Bearer " + token);
        }
        return connection;
    }

    private CliException unreachable(IOException e) {
        return new CliException(
                ExitCode.UNREACHABLE,
                "no procpool answers at " + admin + " (" + e.getMessage()
                        + "); start one with 'procpool serve', or say where with --admin HOST:PORT",
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

    private URI uri(String path) {
        try {
            URI uri = new URI("http://" + admin + path);
            if (uri.getHost() != null && uri.getPort() > 0 && uri.getPort() <= 65_535) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Said below.
        }
        throw CliException.usage("--admin: '" + admin
                + "' is not an address: write HOST:PORT, for example 127.0.0.1:7421 or [::1]:7421");
    }

    private String token(@Nullable Path runDirectory) {
        Path base = runDirectory == null ? RunDirectory.defaultBase() : runDirectory;
        Path file = base.resolve("admin-" + uri("/").getPort() + ".token");
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            // If there is no server either, that is what has to be said.
            get("/api/status");
            throw new CliException(
                    ExitCode.REFUSED,
                    "the admin token " + file + " is not there; give the server's --run-dir, or run this as its user on"
                            + " its machine",
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
