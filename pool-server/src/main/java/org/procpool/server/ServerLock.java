package org.procpool.server;

import java.io.IOException;
import java.nio.file.Path;
import org.procpool.process.HeldFile;
import org.procpool.process.RunDirectory;

/** Makes one service the only one on its run directory. Safe for use by any thread. */
final class ServerLock implements AutoCloseable {

    private static final String NAME = "server.lock";

    private final HeldFile held;

    private ServerLock(HeldFile held) {
        this.held = held;
    }

    /**
     * Takes the lock.
     *
     * @param runDirectory made if it is not there
     * @throws IOException with a sentence for people, which names who has it
     */
    static ServerLock take(Path runDirectory) throws IOException {
        RunDirectory.prepareBase(runDirectory);
        try {
            String pid = Long.toString(ProcessHandle.current().pid());
            return new ServerLock(HeldFile.take(runDirectory.resolve(NAME), pid));
        } catch (HeldFile.HeldException e) {
            String pid = e.content().isEmpty() ? "still starting" : e.content();
            throw new IOException(
                    "another procpool service (pid " + pid + ") is using the run directory " + runDirectory
                            + "; stop it, or choose another directory with --run-dir",
                    e);
        }
    }

    /** Gives the lock up. */
    @Override
    public void close() {
        held.close();
    }
}
