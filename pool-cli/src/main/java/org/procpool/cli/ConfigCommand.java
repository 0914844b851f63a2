package org.procpool.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code procpool config}: the settings of a service, without starting one. */
@Command(
        name = "config",
        description = "Checks and shows the settings of 'procpool serve'.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  procpool config example > procpool.yaml    a file to begin with: every setting, commented out",
            "  procpool config check procpool.yaml",
            "  procpool config show --config procpool.yaml",
            "  procpool serve --config procpool.yaml"
        })
final class ConfigCommand extends CliCommand {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    ConfigCommand(Console console) {
        super(console);
    }

    static void addTo(CommandLine config, Console console) {
        config.addSubcommand(new ConfigCheckCommand(console));
        config.addSubcommand(new ConfigShowCommand(console));
        config.addSubcommand(new ConfigExampleCommand(console));
        config.addSubcommand(new ConfigSchemaCommand(console));
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(console.err());
        return ExitCode.USAGE;
    }
}
