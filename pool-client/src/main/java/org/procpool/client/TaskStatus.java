package org.procpool.client;

import org.jspecify.annotations.Nullable;
import org.procpool.proto.TaskState;

/**
 * Answer to a query or a cancel.
 *
 * @param state FINISHED if {@code result} is there
 * @param detail for people: where it stands, or why nothing is known of it; may be empty
 * @param result the outcome, if the service keeps it; null else
 */
public record TaskStatus(
        long taskId,
        TaskState state,
        String detail,
        @Nullable TaskResult result) {}
