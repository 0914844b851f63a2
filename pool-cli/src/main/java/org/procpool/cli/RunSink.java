package org.procpool.cli;

import org.procpool.cli.text.OneLine;
import org.procpool.client.TaskResult;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.TaskError;

/** What the runs of a command print, and of those that fail what they said last. */
final class RunSink implements BatchSink {

    private final Console console;

    RunSink(Console console) {
        this.console = console;
    }

    @Override
    public void succeeded(BatchItem item, TaskResult result) {
        console.write(result.payload());
    }

    @Override
    public String sentence(BatchItem item, TaskResult result) {
        TaskError error = result.error();
        String how =
                error == null ? "" : ": " + (result.outcome() == OutcomeKind.FAILED ? error.type() : error.message());
        return item.label() + " " + result.outcome() + how;
    }

    @Override
    public void unsuccessful(BatchItem item, TaskResult result) {
        TaskError error = result.error();
        if (error != null && !error.autopsy().isEmpty()) {
            console.errorLines(error.autopsy());
        } else if (error != null) {
            error.outputTail().lines().forEach(line -> console.err().println("  | " + OneLine.of(line)));
        }
    }
}
