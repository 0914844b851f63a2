package org.procpool.server.gateway;

import org.procpool.proto.Payload;
import org.procpool.proto.SubmitFrame;
import org.procpool.task.TaskSpec;

/** What a client's Submit asks for, in the pool's terms. */
final class TaskSpecs {

    private static final long MILLI_NANOS = 1_000_000;

    private TaskSpecs() {}

    /**
     * The task.
     *
     * @param payload of the frame, wherever it lies by now
     * @throws IllegalArgumentException with a sentence for people if a number is out of its range
     */
    static TaskSpec of(SubmitFrame frame, Payload payload) {
        return new TaskSpec(
                frame.task(),
                payload,
                frame.priority(),
                nanos(frame.ttlMillis()),
                nanos(frame.runTimeoutMillis()),
                frame.maxAttempts() == 0 ? 1 : frame.maxAttempts(),
                frame.key(),
                frame.retry(),
                frame.retireWorker(),
                frame.detach());
    }

    private static long nanos(long millis) {
        // Unsigned on the wire; what does not fit is as good as for ever.
        return millis < 0 || millis > Long.MAX_VALUE / MILLI_NANOS / 2 ? Long.MAX_VALUE / 2 : millis * MILLI_NANOS;
    }
}
