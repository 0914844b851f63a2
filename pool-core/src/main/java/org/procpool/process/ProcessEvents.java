package org.procpool.process;

import org.jspecify.annotations.Nullable;
import org.procpool.recorder.SupervisorPage;
import org.procpool.task.WorkerEnd;

/** The life of one worker process, told on threads of this room. */
public interface ProcessEvents {

    /**
     * The process exists.
     *
     * @param page its flight recorder, whose owner is now whoever is told; null if it has none
     */
    void launched(long pid, @Nullable SupervisorPage page);

    /** There is no process and will be none. The last event. */
    void launchFailed(String why);

    /** Answers {@link WorkerProcess#examine}. */
    void examined(ProcessLook look);

    /** The process has been reaped. The last event. */
    void exited(WorkerEnd end);
}
