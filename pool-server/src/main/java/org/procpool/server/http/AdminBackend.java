package org.procpool.server.http;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.procpool.PoolListener;
import org.procpool.PoolReport;
import org.procpool.PoolSnapshot;
import org.procpool.cgroup.GroupState;
import org.procpool.process.MemoryPlan;
import org.procpool.task.Autopsy;

/** What the admin HTTP shows and steers. Called on any thread; must not block. */
public interface AdminBackend {

    CompletableFuture<PoolSnapshot> snapshot();

    /**
     * All that can be known.
     *
     * @param eventsAfter number of the last event known; 0 for all that are kept
     * @param mishapsAfter the same for tasks that did not succeed
     */
    CompletableFuture<PoolReport> report(long eventsAfter, long mishapsAfter);

    /** Up to so many unfinished tasks, those that run first. */
    CompletableFuture<List<TaskView>> tasks(int max);

    /** What the threads of that worker are doing; empty if there is none, or it does not tell within two seconds. */
    CompletableFuture<String> threadDump(int worker);

    /** An unfinished task's life in sentences, and why it does not run; empty if there is no such task. */
    CompletableFuture<List<String>> explain(long taskId);

    /** Reports of the last workers that are gone, newest first. */
    CompletableFuture<List<Autopsy>> autopsies();

    /** How the memory was divided at the start; null if the workers are not Java. */
    @Nullable
    MemoryPlan memory();

    /** What control groups do for the workers, or why they have none. */
    GroupState groups();

    /** Reads the configuration again; tells what became of it. */
    CompletableFuture<ReloadReport> reload();

    /**
     * So many workers serve from now on.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    void scale(int workers);

    /** Starts nothing any more, or does so again. */
    void pause(boolean paused);

    /** Replaces all workers, one by one; completes when that has ended. */
    CompletableFuture<PoolListener.PoolRolled> restart();

    /** Replaces that worker; completes with false if there is none. */
    CompletableFuture<Boolean> restart(int worker);

    /**
     * Holds tasks of that name back; completes when that is so, exceptionally with
     * {@link org.procpool.PoolException} if it cannot be.
     */
    CompletableFuture<Void> quarantine(String task);

    /** Takes them again; as {@link #quarantine}. */
    CompletableFuture<Void> release(String task);

    /**
     * Begins to drain the service; without effect if it drains already.
     *
     * @param timeout how long tasks may still take; null = as configured
     */
    void drain(@Nullable Duration timeout);
}
