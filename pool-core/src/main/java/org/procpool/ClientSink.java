package org.procpool;

import org.procpool.conductor.Task;
import org.procpool.task.Outcome;
import org.procpool.task.RejectReason;

/** What a source of tasks is told, on the pool's loop. May not block and may not call back into the pool from here. */
public interface ClientSink {

    void accepted(Task task);

    void rejected(long correlation, RejectReason reason, String message);

    void progress(Task task, double fraction, String note);

    /**
     * The last thing ever said of the task. A result that lies in a file goes when this returns, unless the sink holds
     * its payload, or has mapped it.
     */
    void completed(Task task, Outcome outcome);
}
