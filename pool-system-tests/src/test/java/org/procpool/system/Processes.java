package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Processes as the kernel has them. */
final class Processes {

    private Processes() {}

    /** Sends a signal by its name without SIG. After STOP it waits until each thread has stopped, which takes time. */
    static void signal(long pid, String name) throws IOException, InterruptedException {
        assertThat(pid).as("0 would be this process and its whole group").isGreaterThan(1);
        Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid)
                .redirectErrorStream(true)
                .start();
        assertThat(kill.waitFor(Eventually.DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        if (name.equals("STOP")) {
            Eventually.until("process " + pid + " has stopped", () -> hasStopped(pid));
        }
    }

    private static boolean hasStopped(long pid) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : (Iterable<Path>) threads::iterator) {
                char state = state(thread.resolve("status"));
                if ("TXZ".indexOf(state) < 0) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Makes a named pipe. */
    static void makePipe(Path path) throws IOException, InterruptedException {
        Process made = new ProcessBuilder("mkfifo", path.toString()).start();
        assertThat(made.waitFor(Eventually.DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(made.exitValue()).isZero();
    }

    /** One letter as in {@code /proc/PID/status}: R, S, T, Z …; X if there is no such process. */
    static char state(long pid) throws IOException {
        return state(Path.of("/proc/" + pid + "/status"));
    }

    private static char state(Path status) throws IOException {
        try {
            for (String line : Files.readAllLines(status)) {
                if (line.startsWith("State:")) {
                    return line.substring("State:".length()).strip().charAt(0);
                }
            }
        } catch (NoSuchFileException e) {
            return 'X';
        } catch (IOException e) {
            // It ended while it was read.
            return Files.exists(status.getParent()) ? '?' : 'X';
        }
        return '?';
    }

    /** Whether it does nothing any more; a zombie that nobody has reaped yet counts. */
    static boolean isGone(long pid) throws IOException {
        return "XZ".indexOf(state(pid)) >= 0;
    }

    /** Processes that this one has started, and theirs, and that still live. */
    static List<Long> descendants() {
        return ProcessHandle.current()
                .descendants()
                .map(ProcessHandle::pid)
                .filter(Processes::lives)
                .toList();
    }

    /** Workers of pools in this process, and what they have started; a rehearsal for the class archive is none. */
    static List<Long> workers() {
        return descendants().stream().filter(Processes::isMarkedAsWorker).toList();
    }

    private static boolean isMarkedAsWorker(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/environ"), StandardCharsets.ISO_8859_1)
                    .contains("PROCPOOL_WORKER=");
        } catch (IOException e) {
            // It is gone.
            return false;
        }
    }

    private static boolean lives(long pid) {
        try {
            return !isGone(pid);
        } catch (IOException e) {
            return true;
        }
    }

    /** Descriptors of this process that a leak would show in: sockets, pipes, epoll instances and their like. */
    static List<String> descriptors() throws IOException {
        return targets(target ->
                target.startsWith("socket:") || target.startsWith("pipe:") || target.startsWith("anon_inode:"));
    }

    /** Files below a directory that this process has open, also those that have lost their names. */
    static List<String> openFiles(Path directory) throws IOException {
        return targets(target -> target.startsWith(directory + "/"));
    }

    private static List<String> targets(Predicate<String> wanted) throws IOException {
        List<String> targets = new ArrayList<>();
        try (Stream<Path> entries = Files.list(Path.of("/proc/self/fd"))) {
            for (Path entry : entries.toList()) {
                String target = target(entry);
                if (wanted.test(target)) {
                    targets.add(target);
                }
            }
        }
        return targets;
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            // It was closed while it was looked at.
            return "";
        }
    }
}
