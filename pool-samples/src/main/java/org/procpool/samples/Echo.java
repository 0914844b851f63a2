package org.procpool.samples;

import org.procpool.proto.Payload;
import org.procpool.worker.TaskContext;
import org.procpool.worker.TaskHandler;

/** Gives back the very bytes it got: the shortest way through the pool, which the benchmark measures. */
final class Echo implements TaskHandler {

    @Override
    public Payload handle(TaskContext context, Payload payload) {
        return payload;
    }
}
