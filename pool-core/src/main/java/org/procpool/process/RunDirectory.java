package org.procpool.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.procpool.cgroup.PoolGroups;

/**
 * Where a pool keeps its socket and its workers' directories: a directory of its own, mode 0700, below a base that only
 * this user can enter. The next pool on the same base removes what a dead one has left there. Not thread-safe.
 */
public final class RunDirectory implements AutoCloseable {

    private static final String NAME = "run directory";
    private static final String ADVICE = "choose another with --run-dir";
    private static final String SOCKET = "s";
    private static final String ARCHIVE = "a";
    /** sockaddr_un has room for 108 bytes with the closing zero; some systems have fewer. */
    private static final int SOCKET_PATH_BYTES_MAX = 103;

    private static final long OFFSPRING_MILLIS_MAX = 2_000;

    private final PoolDirectory pool;

    private RunDirectory(PoolDirectory pool) {
        this.pool = pool;
    }

    /** The place that systemd, the desktop session or else the temp directory has for this user's sockets. */
    public static Path defaultBase() {
        String runtime = System.getenv("RUNTIME_DIRECTORY");
        if (runtime != null && !runtime.isEmpty()) {
            return Path.of(runtime.split(":", 2)[0]);
        }
        String session = System.getenv("XDG_RUNTIME_DIR");
        if (session != null && !session.isEmpty()) {
            return Path.of(session, "procpool");
        }
        return Path.of(System.getProperty("java.io.tmpdir"), "procpool-" + System.getProperty("user.name"));
    }

    /**
     * Makes sure that the base exists and that only this user can enter it.
     *
     * @throws IOException with a sentence for people if it cannot be made or belongs to somebody else
     */
    public static void prepareBase(Path base) throws IOException {
        try {
            Files.createDirectories(base.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw PoolDirectory.cannotMake(base, NAME, ADVICE, e);
        }
        PoolDirectory.prepareBase(base, NAME, ADVICE);
    }

    /**
     * Makes a new pool's directory below the base and removes those of dead pools, with the processes that handlers of
     * theirs have left.
     *
     * @param enclosure of the workers, who may have to pass it
     * @throws IOException with a sentence for people
     */
    public static RunDirectory create(Path base, Enclosure enclosure) throws IOException {
        prepareBase(base);
        PoolDirectory pool = PoolDirectory.create(base, RunDirectory::endOfPool);
        enclosure.letPass(base);
        enclosure.letPass(pool.path());
        RunDirectory directory = new RunDirectory(pool);
        int length = directory.archiveDirectory().resolve(SOCKET).toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > SOCKET_PATH_BYTES_MAX) {
            pool.close();
            throw new IOException("the path of a socket in the run directory " + base + " would have " + length
                    + " bytes, the system allows " + SOCKET_PATH_BYTES_MAX + "; choose a shorter one with --run-dir");
        }
        return directory;
    }

    private static void endOfPool(Path pool) {
        PoolGroups.endOfPool(pool);
        Offspring.endOfPool(pool.getFileName().toString());
    }

    /** Where the pool listens for its workers. */
    public Path socket() {
        return pool.path().resolve(SOCKET);
    }

    /** A place for one worker; not made yet. */
    public Path workerDirectory(String worker) {
        return pool.path().resolve(worker);
    }

    /** Where files of the pool may lie, which go with it. */
    public Path path() {
        return pool.path();
    }

    /** A place to make an archive in; not made yet. A socket in it has a path that is short enough. */
    public Path archiveDirectory() {
        return pool.path().resolve(ARCHIVE);
    }

    /**
     * Removes the directory with everything in it, when all processes are gone that handlers have started; waits for
     * that, two seconds at most.
     */
    @Override
    public void close() {
        Offspring.await(OFFSPRING_MILLIS_MAX);
        pool.close();
    }
}
