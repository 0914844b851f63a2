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
        if (Tools.SETSID != null) {
            // A session of its own: Ctrl-C in the supervisor's terminal is not for the workers.
            words.add(Tools.SETSID.toString());
        }
        if (Tools.SETPRIV != null) {
            words.addAll(List.of(Tools.SETPRIV.toString(), "--pdeathsig", "KILL", "--"));
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

    /** What util-linux gives; both replace themselves by the worker, so its pid is the one that was started. */
    private static final class Tools {

        /** Null where there is none: then a signal to the terminal's process group reaches the workers too. */
        static final @Nullable Path SETSID = find("setsid");

        /** Null where there is none: then the end of its control socket alone tells a worker that it is orphaned. */
        static final @Nullable Path SETPRIV = find("setpriv");

        private static @Nullable Path find(String tool) {
            if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")) {
                return null;
            }
            String path = System.getenv("PATH");
            for (String directory : (path == null ? "/usr/bin:/bin" : path).split(":", -1)) {
                Path candidate = Path.of(directory.isEmpty() ? "." : directory, tool);
                if (Files.isExecutable(candidate)) {
                    return candidate;
                }
            }
            return null;
        }
    }
}
