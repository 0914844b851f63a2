package org.procpool.link;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.SpoolFile;
import org.procpool.proto.SpooledResultFrame;
import org.procpool.task.WorkerResult;

/** What a worker says, told on the loop in the order it said it. */
public interface LinkEvents {

    /** The process that has connected, which may have been started by the one that was launched. */
    void connected(long pid);

    /**
     * Both sockets are up and the worker takes tasks; if it answers probes, they have come back.
     *
     * @param recorder whether it claims its tasks in a flight recorder
     * @param dispatched dispatches that are used up; its first task has the next one
     */
    void ready(List<String> taskNames, boolean recorder, long dispatched);

    void bootFailed(String why);

    void result(long dispatch, WorkerResult result);

    /**
     * It has left a result in a file.
     *
     * @param payload the file of the task's payload, if it may have left it there; else null
     */
    void spooledResult(SpooledResultFrame result, @Nullable SpoolFile payload);

    /** It has begun that offer now; only workers without a flight recorder say so. */
    void started(long dispatch);

    void progress(long dispatch, double fraction, String note);

    /** It answered a ping. */
    void pong();

    /** What its threads are doing, as it was asked. */
    void threadDump(String text);

    /** For long it took nothing of what was sent to it. */
    void stalled();

    /** It broke the protocol; nothing more of it is read. */
    void corrupt(String why);

    /** The first of its sockets has closed. */
    void lost();

    /** Everything it ever sent on the data socket has been told. */
    void drained();

    /** Handling what it said threw what should not have been thrown. */
    void broken(Throwable cause);

    /** All that has arrived so far has been told; what was answered may be flushed. */
    void turnComplete();
}
