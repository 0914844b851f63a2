package org.procpool.task;

/**
 * What is known of how a worker process ended.
 *
 * @param exit exit code or signal
 * @param outputTail the last lines that it printed, stdout and stderr merged, at most 100
 * @param taskOutput those of them that no earlier task has printed
 * @param threadDump its threads shortly before it was killed; empty if none was taken or it did not answer
 * @param heapFull whether its JVM said that it ran out of heap
 * @param kernelKill how the kernel has killed it for want of memory, for people; empty if that is not known
 * @param crashReport the head of the JVM's own report of its crash, {@code hs_err_pid….log}; empty if there is none
 * @param crashReportFile where the whole of that report is kept; empty if there is none
 * @param residentBytes its memory when it was last looked at; 0 if it never was
 */
public record WorkerEnd(
        ExitStatus exit,
        String outputTail,
        String taskOutput,
        String threadDump,
        boolean heapFull,
        String kernelKill,
        String crashReport,
        String crashReportFile,
        long residentBytes) {

    /** An end of which only the exit is known. */
    public static WorkerEnd of(ExitStatus exit) {
        return new WorkerEnd(exit, "", "", "", false, "", "", "", 0);
    }

    /** Whether it ended because it had no memory left, of whichever kind. */
    public boolean outOfMemory() {
        return heapFull || !kernelKill.isEmpty();
    }

    public WorkerEnd withThreadDump(String text) {
        return new WorkerEnd(
                exit, outputTail, taskOutput, text, heapFull, kernelKill, crashReport, crashReportFile, residentBytes);
    }
}
