package org.procpool.task;

import org.jspecify.annotations.Nullable;
import org.procpool.proto.Payload;
import org.procpool.proto.TaskError;

/**
 * What a worker said of one offer.
 *
 * @param payload the result; empty when failed
 * @param runNanos as the worker measured it
 * @param retire the handler wants its worker replaced
 * @param error what the handler threw; null when it returned
 */
public record WorkerResult(
        Payload payload,
        long runNanos,
        boolean retire,
        @Nullable TaskError error) {}
