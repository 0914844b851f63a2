package org.procpool.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code procpool scale}. */
@Command(
        name = "scale",
        description = "Changes how many workers serve, while the service runs.",
        footer = {
            "",
            "More are launched at once; those that are too many finish the task that they run, and leave.",
            "Exit code: 0 done, 5 refused, 6 the server cannot be reached.",
            "",
            "Examples:",
            "  procpool scale 8",
            "  procpool scale 2 --run-dir /run/procpool"
        })
final class ScaleCommand extends CliCommand {

    @Parameters(paramLabel = "N", description = "Workers that serve; the spares come on top.")
    private int workers;

    @Mixin
    private final SteerOption service = new SteerOption();

    ScaleCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        service.post("/api/scale?workers=" + workers);
        console.error(
                "the service at " + service + " changes to " + workers + " workers; 'procpool workers' shows them");
        return ExitCode.OK;
    }
}
