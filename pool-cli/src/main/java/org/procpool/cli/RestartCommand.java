package org.procpool.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code procpool restart}. */
@Command(
        name = "restart",
        description = "Replaces all workers, one by one, without losing a task or serving with fewer.",
        footer = {
            "",
            "Each leaves when its successor is ready, after the task that it runs; the handlers' jars are",
            "read anew. If the first new worker does not get ready, all others stay what they are.",
            "Returns when it is over.",
            "Exit code: 0 all are replaced, 5 they stay or it was refused, 6 the server cannot be reached.",
            "",
            "Examples:",
            "  procpool restart --rolling"
        })
final class RestartCommand extends CliCommand {

    @Option(names = "--rolling", description = "One by one, a successor first. There is no other way yet.")
    private boolean rolling;

    @Mixin
    private final SteerOption service = new SteerOption();

    RestartCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        if (!rolling) {
            throw CliException.usage("restart: say --rolling; to end the service use 'procpool drain'");
        }
        String answer = service.postAndWait("/api/restart");
        console.error("all workers of the service at " + service + " are replaced: " + answer.strip());
        return ExitCode.OK;
    }
}
