package org.procpool.process;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The command line of a worker JVM. Immutable. */
public final class WorkerCommand {

    private static final String MAIN_CLASS = "org.procpool.worker.WorkerMain";

    /**
     * Small and quick to boot, and sure to end: a heap that overflows or a loop that never yields keeps no worker
     * alive. Methods are compiled after ten times as many calls as a JVM waits for by default, since what it compiles
     * while it boots, a quarter of the processor time until it is ready, is hardly ever run again.
     */
    private static final List<String> DEFAULT_JVM_ARGS = List.of(
            "-XX:+UseSerialGC",
            "-Xss512k",
            "-XX:-UsePerfData",
            "-XX:ReservedCodeCacheSize=64m",
            "-XX:Tier3InvocationThreshold=2000",
            "-XX:Tier3MinInvocationThreshold=1000",
            "-XX:Tier3CompileThreshold=4000",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:+UseCountedLoopSafepoints",
            "-XX:LoopStripMiningIter=1000",
            "-Djava.awt.headless=true");

    /**
     * Saves a boot some milliseconds and 10 MB that no two workers could share: class data stay where the archive wants
     * them. And an idle JVM wakes every two seconds, not four times a second, to look for monitors that nobody uses.
     * A JVM refuses to start on a diagnostic option that it does not know, so only tried releases get these.
     */
    private static final List<String> DIAGNOSTIC_OPTIONS = List.of(
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:ArchiveRelocationMode=0",
            "-XX:AsyncDeflationInterval=2000",
            "-XX:GuaranteedSafepointInterval=0");

    /** Spares each boot a search through all jars for another provider, a sixth of its time on 17. */
    private static final String LINUX_SELECTOR_PROVIDER =
            "-Djava.nio.channels.spi.SelectorProvider=sun.nio.ch.EPollSelectorProvider";

    private static final int TRIED_RELEASE_MIN = 17;
    private static final int TRIED_RELEASE_MAX = 25;

    /** No part in which classes there are, and better done by workers only than by a rehearsal too. */
    private static final List<String> NOT_REHEARSED =
            List.of("-D", "-Xlog", "-verbose", "-XX:StartFlightRecording", "-XX:FlightRecorderOptions", "-XX:On");

    private final Path java;
    private final List<String> jvmArgs;
    private final List<Path> classPath;
    private final @Nullable JavaInstallation installation;
    private final List<String> defaultJvmArgs;

    /**
     * Puts a command together; looks at the files of that Java.
     *
     * @param java executable
     * @param heapArgs how large a worker's heap is; may be empty
     * @param jvmArgs given after the defaults, so they win
     * @param classPath of the worker runtime, without the handlers
     */
    public WorkerCommand(Path java, List<String> heapArgs, List<String> jvmArgs, List<Path> classPath) {
        this.java = java;
        this.jvmArgs = List.copyOf(jvmArgs);
        this.classPath = List.copyOf(classPath);
        this.installation = JavaInstallation.of(java);
        this.defaultJvmArgs = defaultsFor(installation, heapArgs);
    }

    private static List<String> defaultsFor(@Nullable JavaInstallation installation, List<String> heapArgs) {
        List<String> defaults = new ArrayList<>(DEFAULT_JVM_ARGS);
        defaults.addAll(heapArgs);
        if (installation != null
                && installation.release() >= TRIED_RELEASE_MIN
                && installation.release() <= TRIED_RELEASE_MAX) {
            defaults.addAll(DIAGNOSTIC_OPTIONS);
            if (Leash.LINUX) {
                defaults.add(LINUX_SELECTOR_PROVIDER);
            }
        }
        return List.copyOf(defaults);
    }

    public Path java() {
        return java;
    }

    /** What was given, without the defaults. */
    List<String> jvmArgs() {
        return jvmArgs;
    }

    List<Path> classPath() {
        return classPath;
    }

    /** Null if nothing is known about that Java. */
    @Nullable
    JavaInstallation installation() {
        return installation;
    }

    /** Those arguments of a worker that have a part in what an archive of its classes looks like. */
    List<String> rehearsedJvmArgs() {
        List<String> rehearsed = new ArrayList<>(defaultJvmArgs);
        for (String argument : jvmArgs) {
            if (NOT_REHEARSED.stream().noneMatch(argument::startsWith)) {
                rehearsed.add(argument);
            }
        }
        return rehearsed;
    }

    /**
     * The words of the command.
     *
     * @param directory where the JVM writes what it has to say about its own crash
     * @param archiveArgs make it boot from an archive of its classes; may be empty
     */
    List<String> words(Path directory, List<String> archiveArgs) {
        List<String> arguments = new ArrayList<>(defaultJvmArgs);
        arguments.addAll(archiveArgs);
        arguments.addAll(jvmArgs);
        return words(arguments, directory);
    }

    /** The words of a command that rehearses a worker, with less of the processor than workers get. */
    List<String> rehearsalWords(Path directory, List<String> archiveArgs) {
        List<String> arguments = new ArrayList<>(rehearsedJvmArgs());
        arguments.addAll(archiveArgs);
        List<String> words = new ArrayList<>();
        if (Leash.NICE != null) {
            words.addAll(List.of(Leash.NICE.toString(), "-n", "5"));
        }
        words.addAll(Leash.words());
        words.addAll(words(arguments, directory));
        return words;
    }

    private List<String> words(List<String> arguments, Path directory) {
        List<String> words = new ArrayList<>();
        words.add(java.toString());
        words.add("-XX:ErrorFile=" + directory.resolve("hs_err_pid%p.log"));
        words.addAll(arguments);
        words.add("-cp");
        words.add(classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        words.add(MAIN_CLASS);
        return words;
    }
}
