package org.procpool.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code procpool config check}. */
@Command(
        name = "check",
        description =
                "Tells what is wrong with a file of settings and with the variables: file, line, what is allowed.",
        footer = {
            "",
            "Checks all that can be checked without starting anything, files that are named included.",
            "Exit code: 0 all is well, 2 something is not.",
            "",
            "Examples:",
            "  procpool config check procpool.yaml",
            "  procpool config check"
        })
final class ConfigCheckCommand extends CliCommand {

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "The file; default: the one that 'procpool serve' would read.")
    private @Nullable Path file;

    ConfigCheckCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        ServeConfig config =
                ServeConfig.read(file == null ? List.of() : List.of("--config", file.toString()), System.getenv());
        config.warnings().forEach(console::error);
        config.checkTogether();
        Path read = config.file();
        console.error(read == null ? "there is no file; the variables are in order" : read + " is in order");
        return ExitCode.OK;
    }
}
