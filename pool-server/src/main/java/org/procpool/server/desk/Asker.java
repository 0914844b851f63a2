package org.procpool.server.desk;

import org.procpool.proto.TaskState;
import org.procpool.task.Outcome;

/** Who has asked something of the {@link TaskDesk}. Told once, by one of these, on the pool's loop; must not wait. */
public interface Asker {

    /**
     * The task has ended, or was never accepted. If the result lies in a file, the asker has to release it.
     */
    void ended(Outcome outcome);

    /**
     * The task has not ended, or there is nothing more to be had of it.
     *
     * @param detail a sentence for people
     */
    void stands(long taskId, TaskState state, String detail);
}
