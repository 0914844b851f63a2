package org.procpool.process;

import org.procpool.task.ExitStatus;

/** The life of one worker process, told on threads of this room. */
public interface ProcessEvents {

    void launched(long pid);

    /** There is no process and will be none. The last event. */
    void launchFailed(String why);

    /**
     * The process has been reaped. The last event.
     *
     * @param outputTail the last lines it printed, stdout and stderr merged
     */
    void exited(ExitStatus exit, String outputTail);
}
