package org.procpool.server.desk;

import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.OnDisconnect;
import org.procpool.spool.Spool;
import org.procpool.task.TaskSpec;

/**
 * Where tasks are handed in and asked for one by one. Any thread, and none waits; each method throws {@link
 * RejectedExecutionException} once the pool is gone. What the methods return is run when the asker does not want the
 * answer any more.
 */
public interface TaskDesk {

    /** Largest payload of a task, in bytes. */
    int payloadBytesMax();

    /** Where large payloads go; null if all pass through this process. */
    @Nullable
    Spool spool();

    /**
     * Hands a task in. The answer is its outcome; of a detached one, that it stands in the queue.
     *
     * @param party who hands it in; all tasks of one party share its turns and limits
     * @param spec whose payload is the desk's from here on
     * @param onDisconnect what becomes of the task if the asker leaves before it has ended
     */
    Runnable submit(String party, TaskSpec spec, OnDisconnect onDisconnect, Asker asker);

    /**
     * Asks for a task: the answer is its outcome, if that is kept, else how it stands.
     *
     * @param waitMillis how long to wait for the outcome; 0 = not at all
     */
    Runnable query(long taskId, long waitMillis, Asker asker);

    /** Ends a task early. The answer is how it stood before, or its outcome if that is kept already. */
    Runnable cancel(long taskId, Asker asker);
}
