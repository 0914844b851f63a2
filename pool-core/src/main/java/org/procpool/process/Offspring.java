package org.procpool.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processes that handlers have started. They go with their worker, which they are known by in two ways: they are in
 * its session, or they have inherited its {@link #VARIABLE}. One that has shed both is beyond the reach of this class;
 * a {@link org.procpool.cgroup.WorkerGroup} holds that, too.
 *
 * <p>Looking for them means reading some files of every process of this user, a matter of milliseconds. Any thread.
 */
final class Offspring {

    private static final Logger LOG = LoggerFactory.getLogger(Offspring.class);
    /** Marks a worker and all that come from it: {@code <name of the pool's directory>/<worker>}. */
    static final String VARIABLE = "PROCPOOL_WORKER";

    /** A process that starts others while it is looked for may leave one behind; not for ever. */
    private static final int ROUNDS_MAX = 10;

    private static final long IDLE_SECONDS_MAX = 10;
    private static final Path PROC = Path.of("/proc");
    private static final Path SELF = PROC.resolve("self");
    private static final long SELF_PID = ProcessHandle.current().pid();

    /** A thread for itself: nobody waits while it reads files of strangers. */
    private static final ThreadPoolExecutor EXECUTOR =
            new ThreadPoolExecutor(1, 1, IDLE_SECONDS_MAX, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                Thread thread = new Thread(work, "procpool-offspring");
                thread.setDaemon(true);
                return thread;
            });

    static {
        EXECUTOR.allowCoreThreadTimeOut(true);
    }

    /** Tells whether a process is one of those that are to go. */
    private interface Mark {
        boolean isOn(long pid, ProcessStat stat);
    }

    private Offspring() {}

    /**
     * Ends what a worker has left, soon.
     *
     * @param pid of the worker, which has been reaped
     */
    static void endOfWorker(long pid, String marker) {
        Mark mark = (other, stat) -> isInSession(stat, pid) || variables(other).contains(entry(marker) + "\0");
        EXECUTOR.execute(() -> end(mark, "worker " + marker));
    }

    /** Ends what all workers of a pool have left, now. Its supervisor is dead, and so are its workers. */
    static void endOfPool(String pool) {
        end((pid, stat) -> variables(pid).contains(entry(pool + "/")), "the dead pool " + pool);
    }

    /** Waits until all that was begun is done, or for so long. */
    static void await(long millisMax) {
        CountDownLatch done = new CountDownLatch(1);
        EXECUTOR.execute(done::countDown);
        try {
            if (!done.await(millisMax, TimeUnit.MILLISECONDS)) {
                LOG.warn("still looking for processes that handlers have started; they may outlive their worker");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Not the session of somebody who got the worker's pid after it: a session's leader is its first process. */
    private static boolean isInSession(ProcessStat stat, long leader) {
        return stat.session() == leader && !Files.exists(PROC.resolve(Long.toString(leader)));
    }

    private static String entry(String value) {
        return "\0" + VARIABLE + "=" + value;
    }

    /** Those that the process was started with, each between two zeros; nothing if that is not for us to know. */
    private static String variables(long pid) {
        try {
            byte[] bytes = Files.readAllBytes(ProcessStat.file(pid, "environ"));
            return "\0" + new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    private static void end(Mark mark, String whose) {
        try {
            for (int round = 0; round < ROUNDS_MAX && endAll(mark, whose) > 0; round++) {
                // Again, for what those have started in the meantime.
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("cannot look for processes of {}: {}", whose, e.toString());
        }
    }

    private static int endAll(Mark mark, String whose) throws IOException {
        int found = 0;
        if (!Files.exists(SELF)) {
            return found;
        }
        Object user = Files.getAttribute(SELF, "unix:uid");
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[1-9]*")) {
            for (Path process : processes) {
                if (isOurs(process, user)
                        && end(Long.parseLong(process.getFileName().toString()), mark, whose)) {
                    found++;
                }
            }
        }
        return found;
    }

    private static boolean isOurs(Path process, Object user) {
        try {
            return user.equals(Files.getAttribute(process, "unix:uid"));
        } catch (IOException e) {
            // Gone meanwhile.
            return false;
        }
    }

    private static boolean end(long pid, Mark mark, String whose) {
        if (pid == SELF_PID || !isMarked(pid, mark)) {
            return false;
        }
        // The handle knows when its process was started, and kills no other that has its pid: so look again through it.
        ProcessHandle handle = ProcessHandle.of(pid).orElse(null);
        if (handle == null || !isMarked(pid, mark)) {
            return false;
        }
        LOG.info("killing process {}, which a handler of {} has started and left", pid, whose);
        return handle.destroyForcibly();
    }

    private static boolean isMarked(long pid, Mark mark) {
        ProcessStat stat = ProcessStat.read(pid);
        return stat != null && !stat.isDead() && mark.isOn(pid, stat);
    }
}
