package org.procpool.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** {@code procpool config show}. */
@Command(
        name = "show",
        description = "Shows every setting with the value that would be in force, and where that comes from.",
        customSynopsis = "procpool config show [--json] [OPTIONS OF SERVE]",
        footer = {
            "",
            "Takes the options of 'procpool serve', --config too, as that would.",
            "Exit code: 0, or 2 if something is wrong with them.",
            "",
            "Examples:",
            "  procpool config show",
            "  procpool config show --config procpool.yaml --workers 4",
            "  PROCPOOL_SPARES=2 procpool config show --json"
        })
final class ConfigShowCommand extends CliCommand {

    @Option(names = "--json", description = "Prints an object with value and source of each setting.")
    private boolean json;

    @Unmatched
    private List<String> flags = new ArrayList<>();

    ConfigShowCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws JsonProcessingException {
        ServeConfig config = ServeConfig.read(flags, System.getenv());
        config.warnings().forEach(console::error);
        config.check();
        var inForce = config.inForce();
        if (json) {
            console.print(new ObjectMapper().writeValueAsString(inForce));
        } else {
            Table table = new Table("SETTING", "VALUE", "FROM");
            inForce.forEach((name, value) -> table.row(name, value.value(), value.source()));
            table.lines().forEach(console::print);
        }
        config.checkTogether();
        return ExitCode.OK;
    }
}
