package org.procpool.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** {@code procpool config show}. */
@Command(
        name = "show",
        description = {
            "Shows every setting with the value that would be in force, and where that comes from; and how it changes once",
            "the service runs: live by 'procpool reload' or SIGHUP, or by a restart."
        },
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

    @Option(names = "--json", description = "Prints an object with value, source and live of each setting.")
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
        Set<String> live = new LiveSettings().names();
        Map<String, Shown> settings = new LinkedHashMap<>();
        config.inForce()
                .forEach((name, value) ->
                        settings.put(name, new Shown(value.value(), value.source(), live.contains(name))));
        if (json) {
            console.print(new ObjectMapper().writeValueAsString(settings));
        } else {
            Table table = new Table("SETTING", "CHANGES", "VALUE", "FROM");
            settings.forEach(
                    (name, shown) -> table.row(name, shown.live() ? "live" : "restart", shown.value(), shown.source()));
            table.lines().forEach(console::print);
        }
        config.checkTogether();
        return ExitCode.OK;
    }

    /** A setting as it is shown. */
    private record Shown(String value, String source, boolean live) {}
}
