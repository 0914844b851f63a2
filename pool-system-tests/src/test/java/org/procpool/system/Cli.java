package org.procpool.system;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;

/** The built command line, each command a process of its own. */
final class Cli {

    /** Of the whole project; the tests run in the directory of their module. */
    static final Path ROOT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();

    private static final Path DIST = ROOT.resolve("pool-cli/target/dist");

    private Cli() {}

    /** The jars as the launcher puts them together; skips the test where the command line has not been packed. */
    static String classPath() throws IOException {
        Assumptions.assumeTrue(
                Files.isRegularFile(DIST.resolve("classpath")), "pool-cli is not packed: run 'mvn verify'");
        return DIST.resolve("lib/pool-cli.jar")
                + File.pathSeparator
                + List.of(Files.readString(DIST.resolve("classpath")).strip().split(":")).stream()
                        .map(jar -> DIST.resolve(jar).toString())
                        .collect(Collectors.joining(File.pathSeparator));
    }

    /** Starts a command. */
    static Program start(Map<String, String> environment, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words(false, arguments));
        builder.environment().putAll(environment);
        return Program.start(builder);
    }

    /**
     * A command as the launcher puts it together.
     *
     * @param screen whether it is to be run on a terminal
     */
    static List<String> words(boolean screen, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Dprocpool.screen=" + screen,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath(),
                "org.procpool.cli.Main"));
        words.addAll(List.of(arguments));
        return words;
    }

    /** What a command came to. */
    record Ended(int exitCode, String output, String errors) {}

    static Ended run(Map<String, String> environment, String... arguments) throws Exception {
        try (Program command = start(environment, arguments)) {
            command.input().close();
            int exitCode = command.exitCode();
            return new Ended(exitCode, command.text(), command.errorText());
        }
    }

    /** A running {@code serve}, with ports of its own and all handlers of these tests. */
    static final class Service implements AutoCloseable {

        final Program program;
        private final String address;
        private final String admin;

        private Service(Program program) {
            this.program = program;
            Matcher ready = program.line("procpool ready: clients (\\S+), admin https?://(\\S+), workers");
            address = ready.group(1);
            admin = ready.group(2);
        }

        /** The words of a {@code serve} with ports of its own and the test's run directory, but for what is given. */
        static String[] words(String... more) {
            Map<String, String> options = new LinkedHashMap<>();
            options.put("--listen", "127.0.0.1:0");
            options.put("--admin", "127.0.0.1:0");
            options.put("--run-dir", LeakCheck.runDirectory().toString());
            options.put("--recorder-dir", LeakCheck.memoryDirectory().toString());
            options.put("--workers", "2");
            options.put("--spares", "0");
            options.put("--worker-jvm-args", "-Xmx64m");
            options.keySet().removeAll(List.of(more));
            if (List.of(more).contains("--config")) {
                // The file says how many, which it could not with a flag.
                options.remove("--workers");
            }
            if (List.of(more).contains("--recorder")) {
                // Switched off, and then there is no place for it to be named.
                options.remove("--recorder-dir");
            }
            List<String> words = new ArrayList<>(List.of("serve"));
            options.forEach((name, value) -> words.addAll(List.of(name, value)));
            words.addAll(List.of(more));
            return words.toArray(String[]::new);
        }

        static Service start(String... more) throws IOException {
            List<String> all = new ArrayList<>(List.of(
                    "--handlers",
                    Handlers.classPath().stream().map(Path::toString).collect(Collectors.joining(":")),
                    "--providers",
                    String.join(",", Handlers.PROVIDERS)));
            all.addAll(List.of(more));
            return of(Cli.start(Map.of(), words(all.toArray(String[]::new))));
        }

        static Service of(Program program) {
            return new Service(program);
        }

        Map<String, String> environment() {
            return Map.of("PROCPOOL_SERVER", address, "PROCPOOL_ADMIN", admin);
        }

        String address() {
            return address;
        }

        int adminPort() {
            return Integer.parseInt(admin.substring(admin.lastIndexOf(':') + 1));
        }

        Ended run(String... arguments) throws Exception {
            return Cli.run(environment(), arguments);
        }

        Program begin(String... arguments) throws IOException {
            return Cli.start(environment(), arguments);
        }

        /** Tells it to end, waits for that, and gives its exit code. */
        int terminate() throws Exception {
            program.signal("TERM");
            return program.exitCode();
        }

        /** Ends it at once, but in order, so that it takes its directory along. */
        @Override
        public void close() throws IOException {
            program.stop();
            program.close();
        }
    }
}
