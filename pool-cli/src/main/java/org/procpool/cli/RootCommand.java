package org.procpool.cli;

import org.procpool.server.http.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code procpool} without a command. */
@Command(
        name = "procpool",
        versionProvider = RootCommand.VersionText.class,
        description = "Runs tasks in worker processes; a task that crashes costs itself and nothing else.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Try it:",
            "  procpool demo                        the whole story in half a minute",
            "  procpool serve &                     a service with the sample tasks on 127.0.0.1:7420",
            "  procpool submit fib --text 35        prints 9227465",
            "  procpool run gzip -k {} ::: *.log    a command over many files, so many at a time",
            "  procpool torture                     the proof that a crash costs at most one task",
            "  procpool COMMAND --help              options and examples of a command"
        })
final class RootCommand extends CliCommand {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Shows the version.")
    @SuppressWarnings("UnusedVariable") // picocli sets it and acts on it
    private boolean version;

    RootCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(console.err());
        return ExitCode.USAGE;
    }

    /** So that the version's file is read only when it is asked for. */
    static final class VersionText implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {"procpool " + Version.text()};
        }
    }
}
