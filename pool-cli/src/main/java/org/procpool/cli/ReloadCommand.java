package org.procpool.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code procpool reload}. */
@Command(
        name = "reload",
        description = "Tells the service to read its file of settings again, as SIGHUP does.",
        footer = {
            "",
            "Says which settings changed and are in force, and which need a restart. A file with a mistake changes"
                    + " nothing.",
            "Exit code: 0, 5 it refused or the file has a mistake, 6 the server cannot be reached.",
            "",
            "Example:",
            "  procpool reload"
        })
final class ReloadCommand extends CliCommand {

    @Option(
            names = "--run-dir",
            paramLabel = "DIR",
            description = "The --run-dir that the service was started with, for its token.")
    private @Nullable Path runDirectory;

    @Mixin
    private final AdminOption admin = new AdminOption();

    ReloadCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        JsonNode report = AdminJson.read(admin, admin.post("/api/reload", null, runDirectory));
        console.print(ServeReload.sentence(names(report, "applied"), names(report, "restart")));
        return ExitCode.OK;
    }

    private static List<String> names(JsonNode report, String field) {
        List<String> names = new ArrayList<>();
        report.path(field).forEach(name -> names.add(name.asText()));
        return names;
    }
}
