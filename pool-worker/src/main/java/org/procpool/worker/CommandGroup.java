package org.procpool.worker;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.concurrent.TimeUnit;

/** A running command with all that it has started and that did not leave its process group. */
final class CommandGroup {

    private static final long SIGNAL_MILLIS_MAX = 1_000;

    private final Process leader;

    /** The supervisor has made the process the leader of a group, if this system has the means. */
    CommandGroup(Process leader) {
        this.leader = leader;
    }

    /** Asks all to end, and ends those that have not after so long. */
    void end(long graceMillis) {
        signal("TERM");
        try {
            leader.waitFor(graceMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // Whoever is asked twice to make haste, makes haste.
            Thread.currentThread().interrupt();
        }
        kill();
    }

    /** Ends all, at once. */
    void kill() {
        signal("KILL");
        // Where there is no group to be signalled.
        leader.descendants().forEach(ProcessHandle::destroyForcibly);
        leader.destroyForcibly();
    }

    /** Java can signal processes, but no groups; every shell can. */
    private void signal(String name) {
        boolean interrupted = Thread.interrupted();
        try {
            new ProcessBuilder("sh", "-c", "kill -s " + name + " -- -" + leader.pid())
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.DISCARD)
                    .start()
                    .waitFor(SIGNAL_MILLIS_MAX, TimeUnit.MILLISECONDS);
        } catch (IOException e) {
            System.err.println("procpool worker: no shell to signal a command's process group with: " + e.getMessage());
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
