package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.procpool.samples.SampleHandlers;
import org.procpool.system.Cli.Service;
import org.procpool.system.CodeBlock.Typed;

/**
 * Somebody who types what a document says, word for word: with {@code procpool} on the PATH, and one service that all
 * commands go to. Of what is typed only addresses are replaced. Closing it ends the service.
 */
final class Shell implements AutoCloseable {

    /** For archives, by which so many commands start faster. Made by the first of them, and kept for the next run. */
    private static final Path CACHE = Cli.ROOT.resolve("pool-system-tests/target/cache");

    private final Path runDirectory;
    private final Map<String, String> settings;
    private @Nullable Service service;

    /**
     * A shell in the test's directory.
     *
     * @param name of its service's run directory
     * @param settings of its service, as variables
     */
    Shell(String name, Map<String, String> settings) throws IOException {
        Cli.classPath();
        this.runDirectory = Files.createDirectory(LeakCheck.runDirectory().resolve(name));
        this.settings = new HashMap<>(settings);
    }

    /** With the handlers of these tests, and small. */
    static Shell of(String name) throws IOException {
        return new Shell(
                name,
                Map.of(
                        "PROCPOOL_HANDLERS",
                        Handlers.classPath().stream().map(Path::toString).collect(Collectors.joining(":")),
                        "PROCPOOL_PROVIDERS",
                        SampleHandlers.class.getName() + "," + ZooHandlers.class.getName()));
    }

    /** One more setting of the service. */
    Shell with(String variable, Object value) {
        settings.put(variable, value.toString());
        return this;
    }

    private ProcessBuilder bash(String line) {
        ProcessBuilder bash = new ProcessBuilder("bash", "-uo", "pipefail", "-c", line)
                .directory(LeakCheck.workDirectory().toFile());
        Map<String, String> environment = bash.environment();
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.merge("PATH", Cli.ROOT.resolve("bin").toString(), (path, ours) -> ours + ":" + path);
        environment.put("XDG_CACHE_HOME", CACHE.toString());
        environment.put("RUNTIME_DIRECTORY", runDirectory.toString());
        return bash;
    }

    /** Starts a service, in place of the one that there was. */
    Service serve(String line) throws IOException {
        if (service != null) {
            service.close();
        }
        ProcessBuilder bash = bash("exec " + line.replaceFirst(" &$", "").replace("0.0.0.0:7420", "0.0.0.0:0"));
        bash.environment()
                .putAll(Map.of(
                        "PROCPOOL_LISTEN", "127.0.0.1:0",
                        "PROCPOOL_ADMIN", "127.0.0.1:0",
                        "PROCPOOL_RECORDER_DIR", LeakCheck.memoryDirectory().toString()));
        bash.environment().putAll(settings);
        service = Service.of(Program.start(bash));
        return service;
    }

    Service service() {
        if (service == null) {
            throw new IllegalStateException("no service was started here");
        }
        return service;
    }

    /** Begins a command, with both of its outputs in one. */
    Program begin(String line) throws IOException {
        String words = line;
        Map<String, String> addresses = Map.of();
        if (service != null) {
            String port = service.address().substring(service.address().lastIndexOf(':'));
            words = line.replace("localhost:7420", "localhost" + port)
                    .replace("127.0.0.1:7421", "127.0.0.1:" + service.adminPort());
            addresses = service.environment();
        }
        ProcessBuilder bash = bash(words).redirectErrorStream(true);
        bash.environment().putAll(addresses);
        Program program = Program.start(bash);
        program.input().close();
        return program;
    }

    /** Types a line, and gives what comes of it. */
    String type(int exitCode, String line) throws Exception {
        try (Program program = begin(line)) {
            assertThat(program.exitCode()).as("%s\n%s", line, program.text()).isEqualTo(exitCode);
            return program.text();
        }
    }

    String type(String line) throws Exception {
        return type(0, line);
    }

    /** Types what a block says; the answers must be as it says. */
    void type(CodeBlock block) throws Exception {
        for (Typed typed : block.commands()) {
            assertAnswer(typed, type(typed.command()));
        }
    }

    static void assertAnswer(Typed typed, String answer) {
        if (!typed.answer().isEmpty()) {
            assertThat(Shape.of(answer)).as(typed.command()).isEqualTo(Shape.of(typed.answer()));
        }
    }

    /** What outlives a service by design goes here; whatever else is there is left for the leak check to find. */
    @Override
    public void close() throws IOException {
        if (service != null) {
            service.close();
        }
        Files.deleteIfExists(runDirectory.resolve("server.lock"));
        if (Files.exists(runDirectory.resolve("crashes"))) {
            Directories.delete(runDirectory.resolve("crashes"));
        }
        Files.delete(runDirectory);
    }
}
