package org.procpool.cli;

import org.procpool.cli.config.ConfigSchema;
import picocli.CommandLine.Command;

/** {@code procpool config schema}. */
@Command(
        name = "schema",
        description = "Prints the JSON schema of the file of settings, by which editors complete and check it.",
        footer = {"", "Example:", "  procpool config schema > procpool.schema.json"})
final class ConfigSchemaCommand extends CliCommand {

    ConfigSchemaCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        console.print(new ConfigSchema().text(ServeConfig.options()).stripTrailing());
        return ExitCode.OK;
    }
}
