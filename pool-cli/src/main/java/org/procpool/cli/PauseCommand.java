package org.procpool.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code procpool pause}. */
@Command(
        name = "pause",
        description = "Has the service start nothing more, though it goes on accepting tasks.",
        footer = {
            "",
            "What runs goes on; what was handed to workers and has not begun is taken back.",
            "Exit code: 0 done, 5 refused, 6 the server cannot be reached.",
            "",
            "Examples:",
            "  procpool pause",
            "  procpool resume"
        })
final class PauseCommand extends CliCommand {

    @Mixin
    private final SteerOption service = new SteerOption();

    PauseCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        service.post("/api/pause");
        console.error("the service at " + service + " is paused; 'procpool resume' ends that");
        return ExitCode.OK;
    }
}
