package org.procpool.cli;

import org.procpool.cli.config.ConfigExample;
import picocli.CommandLine.Command;

/** {@code procpool config example}. */
@Command(
        name = "example",
        description = "Prints a file with every setting, what it means and its default, all commented out.",
        footer = {"", "Example:", "  procpool config example > procpool.yaml"})
final class ConfigExampleCommand extends CliCommand {

    ConfigExampleCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        console.print(ConfigExample.text(ServeConfig.options()).stripTrailing());
        return ExitCode.OK;
    }
}
