package org.procpool.worker;

import org.jspecify.annotations.Nullable;
import org.procpool.proto.Payload;

/** Runs the tasks of one name. */
@FunctionalInterface
public interface TaskHandler {

    /**
     * Runs one task. Called by one thread, one task after the other. A worker lives for many tasks: what a handler
     * keeps in fields is still there at the next one.
     *
     * @param payload what the client sent; may be empty, is never interpreted on the way; who needs it when the task is
     *     over takes a copy, since a large one is gone then
     * @return the result; null is the same as an empty payload
     * @throws Exception the task FAILED with this exception's type, message and stack; the worker lives on. After an
     *     {@link OutOfMemoryError} or another broken virtual machine it does not.
     */
    @Nullable
    Payload handle(TaskContext context, Payload payload) throws Exception;
}
