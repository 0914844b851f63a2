package org.procpool.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program of ours in a JVM of its own, with this one's Java and class path. It ends with its standard input, so also
 * if this process is killed. What it has to say it prints line by line.
 */
public final class ChildJvm implements AutoCloseable {

    private static final long END_SECONDS_MAX = 30;

    private static final int ACCESS_OPTION_SINCE = 24;

    /** Diagnostic options, which a later release may not know. */
    private static final int SELDOM_TRIED_UNTIL = 25;

    /** The same options that a service gets by {@code bin/procpool}. */
    private static final List<String> SERVICE_JVM_ARGS = serviceJvmArgs();

    private final String name;
    private final Process process;
    private final BufferedReader output;

    private ChildJvm(String name, Process process) {
        this.name = name;
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    private static List<String> serviceJvmArgs() {
        List<String> arguments = new ArrayList<>(List.of(
                "-XX:-UsePerfData", "--enable-native-access=ALL-UNNAMED", "-Dio.netty.leakDetection.level=disabled"));
        if (Runtime.version().feature() >= ACCESS_OPTION_SINCE) {
            arguments.add("--sun-misc-unsafe-memory-access=allow");
        }
        if (Runtime.version().feature() <= SELDOM_TRIED_UNTIL) {
            arguments.addAll(List.of(
                    "-XX:+UnlockDiagnosticVMOptions",
                    "-XX:AsyncDeflationInterval=2000",
                    "-XX:GuaranteedSafepointInterval=0"));
        }
        return List.copyOf(arguments);
    }

    /** A server program, with the JVM options of a service. */
    public static ChildJvm service(Class<?> main, List<String> jvmArgs, List<String> arguments) throws IOException {
        List<String> all = new ArrayList<>(SERVICE_JVM_ARGS);
        all.addAll(jvmArgs);
        return start(main, all, arguments);
    }

    /** Any program; what it writes to standard error comes out here. */
    static ChildJvm start(Class<?> main, List<String> jvmArgs, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmArgs);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new ChildJvm(main.getSimpleName(), process);
    }

    public long pid() {
        return process.pid();
    }

    /**
     * The next line that it prints; waits for it.
     *
     * @throws BenchException if it has ended instead
     */
    public String line() throws BenchException, IOException {
        String line = output.readLine();
        if (line == null) {
            throw new BenchException(name + " (pid " + process.pid() + ") has ended before it was ready");
        }
        return line;
    }

    /** Says something to it, a line. */
    public void say(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** Ends its standard input, and the process if it does not heed that; returns when it is gone. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
