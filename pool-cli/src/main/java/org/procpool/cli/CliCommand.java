package org.procpool.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What every command has. */
@Command(sortOptions = false, usageHelpWidth = 100, abbreviateSynopsis = true)
abstract class CliCommand implements Callable<Integer> {

    /** Not the largest number: picocli sorts by difference. */
    private static final int HELP_LAST = 1_000_000;

    final Console console;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            order = HELP_LAST,
            description = "Shows this.")
    @SuppressWarnings("UnusedVariable") // picocli sets it and acts on it
    private boolean help;

    CliCommand(Console console) {
        this.console = console;
    }
}
