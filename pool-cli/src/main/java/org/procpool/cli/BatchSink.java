package org.procpool.cli;

import org.procpool.client.TaskResult;

/** Takes the results of a batch, in the order of its input, on one thread. */
interface BatchSink {

    /**
     * Takes the result of a task that succeeded.
     *
     * @throws CliException if it cannot be written
     */
    void succeeded(BatchItem item, TaskResult result);

    /** What standard error says of one that did not succeed, in a line. */
    default String sentence(BatchItem item, TaskResult result) {
        return ResultText.sentence(item.label(), result);
    }

    /** Takes that of one that did not; standard error names it in any case. */
    default void unsuccessful(BatchItem item, TaskResult result) {}
}
