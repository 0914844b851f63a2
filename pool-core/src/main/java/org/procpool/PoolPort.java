package org.procpool;

import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.procpool.conductor.Client;
import org.procpool.conductor.Task;
import org.procpool.link.Turn;
import org.procpool.proto.OnDisconnect;
import org.procpool.spool.Spool;
import org.procpool.task.Autopsy;
import org.procpool.task.TaskSpec;

/**
 * The way into a pool for those who share its loop, such as a gateway. All methods but {@link #eventLoop} are called on
 * that loop, and each batch of calls ends with {@link #endTurn}.
 */
public interface PoolPort {

    /** The one loop that owns the pool's state. Any thread. */
    EventLoop eventLoop();

    /** Collects what is to be flushed at the end of the turn. */
    Turn turn();

    /** The time of this turn, monotonic, in nanoseconds. */
    long nowNanos();

    /** Where large payloads lie; null if all pass through this process. */
    @Nullable
    Spool spool();

    /**
     * A new client.
     *
     * @param sibling one of the same party, whose turns and limits it shares; null if there is none
     */
    Client open(OnDisconnect onDisconnect, ClientSink sink, @Nullable Client sibling);

    /** The client is gone; its sink is still told of outcomes. */
    void gone(Client client);

    /** Nothing of the client is started while it is paused. */
    void pause(Client client, boolean paused);

    /** Answered by the sink, at once or later. A payload that lies in a file is the pool's from here on. */
    void submit(Client client, long correlation, TaskSpec spec);

    /** Ends the task early; without effect if it has ended or is unknown. */
    void cancel(long taskId);

    /** The unfinished task of that id; null if there is none. */
    @Nullable
    Task task(long taskId);

    /**
     * The life of an unfinished task so far in sentences for people, and why it does not run if it does not; empty if
     * there is no such task. Takes time in proportion to what is unfinished.
     */
    List<String> explain(long taskId);

    /**
     * Bounds of the queue, the run time-out and the grace are those of the options from now on, for what comes or
     * begins; nothing else of the options is looked at.
     */
    void limit(PoolOptions value);

    /** Up to so many unfinished tasks, those that run first. */
    List<Task> tasks(int max);

    /** What the workers can do, sorted. */
    List<String> taskNames();

    PoolSnapshot snapshot();

    /**
     * All that can be known. Costs some microseconds, and time in proportion to workers, task names and clients.
     *
     * @param eventsAfter number of the last event known to the asker; 0 for all that are kept
     * @param mishapsAfter the same for tasks that did not succeed
     */
    PoolReport report(long eventsAfter, long mishapsAfter);

    /**
     * What the threads of a worker are doing, as it tells itself.
     *
     * @param worker its number, which is its place in the pool, from 1
     * @return completes within two seconds, on the loop; empty if there is no such worker, or it does not tell
     */
    CompletableFuture<String> threadDump(int worker);

    /** Reports of the last workers that are gone, newest first; as many as the options say. */
    List<Autopsy> autopsies();

    /**
     * Has the turn end: soon, when all that has come in has been handed over, the pool does what is due and flushes
     * every peer that something was written for, once.
     */
    void endTurn();

    /** Stops the pool because its state can no longer be trusted; for exceptions that should not have been. */
    void broken(Throwable cause);
}
