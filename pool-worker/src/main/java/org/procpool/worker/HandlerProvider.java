package org.procpool.worker;

import java.util.Map;

/**
 * Brings handlers into a worker. Listed in {@code META-INF/services/org.procpool.worker.HandlerProvider} of a handler
 * jar, or named in the pool's configuration; needs a public constructor without parameters.
 */
public interface HandlerProvider {

    /**
     * The handlers by task name. Asked once, before the worker reports to its supervisor. A name has 1 to 128 bytes of
     * UTF-8, all printable, no spaces, and belongs to one handler only; anything else is a failed boot.
     */
    Map<String, TaskHandler> handlers();

    /**
     * Prepares what the first task should not wait for: caches, connections, compiled code. Runs once, before the
     * worker gets its first task.
     *
     * @throws Exception a failed boot; the supervisor starts another worker after a pause
     */
    default void warmUp() throws Exception {}
}
