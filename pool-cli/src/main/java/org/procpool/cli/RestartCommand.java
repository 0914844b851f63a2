package org.procpool.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code procpool restart}. */
@Command(
        name = "restart",
        description = "Replaces all workers or one, without losing a task or serving with fewer.",
        footer = {
            "",
            "Each leaves when its successor is ready, after the task that it runs; the handlers' jars are",
            "read anew. If the first new worker does not get ready, all others stay what they are.",
            "Returns when it is over. With --worker one alone is replaced, in the same way but with the handlers",
            "that it has; the command does not wait for that.",
            "Exit code: 0 all are replaced, 5 they stay or it was refused, 6 the server cannot be reached.",
            "",
            "Examples:",
            "  procpool restart --rolling",
            "  procpool restart --worker 2"
        })
final class RestartCommand extends CliCommand {

    @Option(names = "--rolling", description = "All, one by one, a successor first.")
    private boolean rolling;

    @Option(names = "--worker", paramLabel = "N", description = "This one alone; 'procpool workers' has the numbers.")
    private @Nullable Integer worker;

    @Mixin
    private final SteerOption service = new SteerOption();

    RestartCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        if (rolling == (worker != null)) {
            throw CliException.usage(
                    "restart: say either --rolling or --worker N; to end the service use 'procpool drain'");
        }
        if (worker != null) {
            service.post("/api/restart?worker=" + worker);
            console.error("worker " + worker + " of the service at " + service
                    + " leaves when its successor is ready and its task has ended; 'procpool workers' shows it");
            return ExitCode.OK;
        }
        String answer = service.postAndWait("/api/restart");
        console.error("all workers of the service at " + service + " are replaced: " + answer.strip());
        return ExitCode.OK;
    }
}
