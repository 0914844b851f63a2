package org.procpool.cli;

import org.procpool.client.TaskResult;

/** One JSON object a line for every task, whatever its outcome. */
record JsonSink(Console console, String task) implements BatchSink {

    @Override
    public void succeeded(BatchItem item, TaskResult result) {
        console.print(ResultJson.write(item.label(), task, result));
    }

    @Override
    public void unsuccessful(BatchItem item, TaskResult result) {
        succeeded(item, result);
    }
}
