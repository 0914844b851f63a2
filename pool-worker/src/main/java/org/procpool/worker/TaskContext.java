package org.procpool.worker;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What a handler may know about its task, and tell about it. Any thread may use it until the handler returns. */
public interface TaskContext {

    /** The supervisor's number of the task, as its clients see it. */
    long taskId();

    /** 1 for the first run of this task, more when it is safe to repeat and an earlier worker was lost with it. */
    int attempt();

    /** How long the task may still run before it is interrupted; zero when that time is over, empty without a limit. */
    Optional<Duration> remainingRunTime();

    /** Whether the supervisor asked this task to stop. The handler's thread was interrupted at the same moment. */
    boolean isCancelled();

    /**
     * Tells the client how far the task is. Cheap and never blocks on the client; of calls in quick succession only
     * the latest is sent, about every 50 ms.
     *
     * @param fraction 0 to 1; values outside are brought to the nearer end
     * @param note one short line for people, cut after 1,000 characters
     */
    void progress(double fraction, String note);

    /** Writes to the worker's standard error, which the supervisor puts into its log together with the task. */
    System.Logger logger();

    /**
     * A directory for this run alone, made at the first call and deleted with all that is in it when the handler has
     * returned.
     *
     * @throws IOException if it cannot be made
     */
    Path scratchDirectory() throws IOException;

    /** Asks for this worker to be replaced after this task: for handlers that know their process is used up. */
    void retireWorker();

    /** The largest result that can be returned, in bytes; a larger one makes the task FAILED. */
    int payloadBytesMax();
}
