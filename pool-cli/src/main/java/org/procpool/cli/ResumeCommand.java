package org.procpool.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code procpool resume}. */
@Command(
        name = "resume",
        description = "Has a paused service start tasks again.",
        footer = {
            "",
            "Exit code: 0 done, 5 refused, 6 the server cannot be reached.",
            "",
            "Examples:",
            "  procpool resume"
        })
final class ResumeCommand extends CliCommand {

    @Mixin
    private final SteerOption service = new SteerOption();

    ResumeCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        service.post("/api/resume");
        console.error("the service at " + service + " starts tasks again");
        return ExitCode.OK;
    }
}
