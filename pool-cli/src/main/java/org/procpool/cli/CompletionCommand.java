package org.procpool.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** {@code procpool completion}. */
@Command(
        name = "completion",
        description = "Prints a script that completes commands and options in bash and zsh.",
        footer = {"", "Example:", "  source <(procpool completion)"})
final class CompletionCommand extends CliCommand {

    CompletionCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        console.print(AutoComplete.bash("procpool", CommandTable.complete(console)));
        return ExitCode.OK;
    }
}
