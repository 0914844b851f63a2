package org.procpool.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.procpool.process.RunDirectory;
import picocli.CommandLine.Option;

/** The admin HTTP of a service, for commands that look or steer. */
final class AdminOption {

    private static final int CONNECT_MILLIS = 5_000;
    private static final int READ_MILLIS = 30_000;
    private static final int ANSWER_BYTES_MAX = 64 << 20;

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:PROCPOOL_ADMIN:-127.0.0.1:7421}",
            description = "The service's admin address; default $PROCPOOL_ADMIN, else 127.0.0.1:7421.")
    private String admin = "";

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

    private String request(String method, String path, @Nullable String token, @Nullable String body) {
        URI uri = uri(path);
        try {
            HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
            connection.setConnectTimeout(CONNECT_MILLIS);
            connection.setReadTimeout(readMillis);
            connection.setRequestMethod(method);
            if (token != null) {
                connection.setRequestProperty("Authorization", "Bearer " + token);
            }
            if (method.equals("POST")) {
                connection.setDoOutput(true);
                connection.setRequestProperty("Content-Type", "application/json");
                connection.getOutputStream().write(Console.utf8(body == null ? "" : body));
            }
            return answer(connection);
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.UNREACHABLE,
                    "no procpool answers at " + admin + " (" + e.getMessage()
                            + "); start one with 'procpool serve', or say where with --admin HOST:PORT",
                    e);
        }
    }

    private String answer(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        if (status < 300) {
            return read(connection.getInputStream());
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
