package org.procpool.worker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the supervisor tells a new worker on its standard input, never by argument or environment: those can be read by
 * any process of the same user.
 *
 * @param socket path of the supervisor's Unix socket
 * @param worker slot, from 1
 * @param generation of the slot, from 1
 * @param tokenHex proves on the socket that this process was started by the supervisor
 * @param parentPid who started this process; 0 when something between (a sandbox) makes that unknowable
 * @param handlers class path of the handlers; empty when they are on the worker's own
 * @param providers comma-separated class names; empty to look for registered ones
 * @param exec commands to run for tasks, see {@link ExecProvider}
 * @param execDirectory where to run them
 * @param scratch directory of this worker alone
 * @param rehearsal whether this process only goes through the motions, see {@link Rehearsal}
 * @param spool where large results go; null to send all through the socket
 * @param recorder the page of this worker's flight recorder; null to work without one
 */
record BootSettings(
        Path socket,
        int worker,
        long generation,
        String tokenHex,
        long parentPid,
        String handlers,
        String providers,
        List<String> exec,
        Path execDirectory,
        Path scratch,
        boolean rehearsal,
        @Nullable ResultSpool spool,
        @Nullable Path recorder) {

    /** A class path of some thousand jars fits; a stream that never ends does not. */
    private static final int BYTES_MAX = 1 << 20;

    /**
     * Reads {@code key=value} lines up to an empty line or the end. Unknown keys are for later versions.
     *
     * @throws BootException if a key is missing or its value cannot be
     */
    static BootSettings read(InputStream in) throws IOException {
        Map<String, String> values = new HashMap<>();
        String line = readLine(in);
        int total = 0;
        while (line != null && !line.isEmpty()) {
            total += line.length();
            int equals = line.indexOf('=');
            if (equals < 1 || total > BYTES_MAX) {
                throw new BootException("the settings on standard input are not key=value lines");
            }
            values.put(line.substring(0, equals), line.substring(equals + 1));
            line = readLine(in);
        }
        return new BootSettings(
                path(values, "socket"),
                Math.toIntExact(number(values, "worker", required(values, "worker"), Integer.MAX_VALUE)),
                number(values, "generation", required(values, "generation"), Long.MAX_VALUE),
                hexadecimal(required(values, "token")),
                number(values, "parentPid", values.getOrDefault("parentPid", "0"), Long.MAX_VALUE),
                values.getOrDefault("handlers", ""),
                values.getOrDefault("providers", ""),
                all(values, "exec."),
                Path.of(values.getOrDefault("execDirectory", "")),
                path(values, "scratch"),
                values.containsKey("rehearsal"),
                values.containsKey("spool") ? spool(values) : null,
                values.containsKey("recorder") ? path(values, "recorder") : null);
    }

    private static ResultSpool spool(Map<String, String> values) {
        return new ResultSpool(
                path(values, "spool"),
                number(values, "spoolMemory", required(values, "spoolMemory"), Long.MAX_VALUE),
                path(values, "spoolDisk"),
                (int) number(values, "spoolFrom", required(values, "spoolFrom"), Integer.MAX_VALUE),
                (int) number(values, "worker", required(values, "worker"), Integer.MAX_VALUE),
                number(values, "generation", required(values, "generation"), Long.MAX_VALUE));
    }

    private static @Nullable String readLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        int next = in.read();
        if (next < 0) {
            return null;
        }
        while (next >= 0 && next != '\n' && line.size() <= BYTES_MAX) {
            line.write(next);
            next = in.read();
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /** The values of the keys that are the prefix and a number from 1. */
    private static List<String> all(Map<String, String> values, String prefix) {
        List<String> all = new ArrayList<>();
        for (String value = values.get(prefix + 1); value != null; value = values.get(prefix + (all.size() + 1))) {
            all.add(value);
        }
        return all;
    }

    private static String required(Map<String, String> values, String key) {
        String value = values.get(key);
        if (value == null || value.isEmpty()) {
            throw new BootException("the settings on standard input lack '" + key
                    + "': workers are started by a procpool supervisor, not by hand");
        }
        return value;
    }

    private static Path path(Map<String, String> values, String key) {
        try {
            return Path.of(required(values, key));
        } catch (InvalidPathException e) {
            throw new BootException("the setting '" + key + "' on standard input is no path: " + e.getReason(), e);
        }
    }

    private static long number(Map<String, String> values, String key, String text, long max) {
        try {
            long number = Long.parseLong(text);
            if (number >= (values.containsKey(key) ? 1 : 0) && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Reported below, with the values that are out of range.
        }
        throw new BootException("the setting '" + key + "' on standard input is not a number from 1 to " + max);
    }

    private static String hexadecimal(String text) {
        try {
            HexFormat.of().parseHex(text);
            return text;
        } catch (IllegalArgumentException e) {
            // Without the cause: its text shows part of the secret.
            throw new BootException("the setting 'token' on standard input is not hexadecimal");
        }
    }

    byte[] token() {
        return HexFormat.of().parseHex(tokenHex);
    }

    /** Everything but the token. */
    @Override
    public String toString() {
        return "BootSettings[worker=" + worker + ", generation=" + generation + ", socket=" + socket + "]";
    }
}
