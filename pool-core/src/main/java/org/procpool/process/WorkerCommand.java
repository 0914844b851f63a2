package org.procpool.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The command line of a worker JVM.
 *
 * @param java executable
 * @param jvmArgs given after the defaults, so they win
 * @param classPath of the worker runtime, without the handlers
 */
public record WorkerCommand(Path java, List<String> jvmArgs, List<Path> classPath) {

    private static final String MAIN_CLASS = "org.procpool.worker.WorkerMain";

    /** Small and quick to boot, and sure to end: a heap that overflows or a loop that never yields keeps no worker alive. */
    private static final List<String> DEFAULT_JVM_ARGS = List.of(
            "-XX:+UseSerialGC",
            "-Xss512k",
            "-Xmx256m",
            "-XX:-UsePerfData",
            "-XX:ReservedCodeCacheSize=64m",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:+UseCountedLoopSafepoints",
            "-XX:LoopStripMiningIter=1000",
            "-Xshare:auto",
            "-Djava.awt.headless=true");

    public WorkerCommand {
        jvmArgs = List.copyOf(jvmArgs);
        classPath = List.copyOf(classPath);
    }

    /**
     * The words of the command.
     *
     * @param directory where the JVM writes what it has to say about its own crash
     */
    List<String> words(Path directory) {
        List<String> words = new ArrayList<>();
        Path setpriv = ParentDeathSignal.SETPRIV;
        if (setpriv != null) {
            words.addAll(List.of(setpriv.toString(), "--pdeathsig", "KILL", "--"));
        }
        words.add(java.toString());
        words.addAll(DEFAULT_JVM_ARGS);
        words.add("-XX:ErrorFile=" + directory.resolve("hs_err_pid%p.log"));
        words.addAll(jvmArgs);
        words.add("-cp");
        words.add(classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        words.add(MAIN_CLASS);
        return words;
    }

    /** Looks for util-linux' setpriv, which asks the kernel to kill the worker when its supervisor dies. */
    private static final class ParentDeathSignal {

        /** Null where there is none; the worker then relies on the end of its control socket alone. */
        static final @Nullable Path SETPRIV = find();

        private static @Nullable Path find() {
            if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")) {
                return null;
            }
            String path = System.getenv("PATH");
            for (String directory : (path == null ? "/usr/bin:/bin" : path).split(":", -1)) {
                Path candidate = Path.of(directory.isEmpty() ? "." : directory, "setpriv");
                if (Files.isExecutable(candidate)) {
                    return candidate;
                }
            }
            return null;
        }
    }
}
