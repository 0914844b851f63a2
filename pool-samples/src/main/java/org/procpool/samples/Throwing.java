package org.procpool.samples;

import org.procpool.proto.Payload;
import org.procpool.worker.TaskContext;
import org.procpool.worker.TaskHandler;

/**
 * Ends with an exception.
 *
 * @param describable whether the exception has a message, which is the payload; else it fails to tell even that
 */
record Throwing(boolean describable) implements TaskHandler {

    private static final class Indescribable extends RuntimeException {
        @Override
        public String getMessage() {
            throw new IllegalStateException("this exception cannot even be described");
        }
    }

    @Override
    public Payload handle(TaskContext context, Payload payload) {
        if (!describable) {
            throw new Indescribable();
        }
        throw new IllegalStateException(payload.size() == 0 ? "thrown on purpose" : payload.text());
    }
}
