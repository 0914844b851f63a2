package org.procpool.cli;

/** What {@code bin/procpool} starts. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    /**
     * Runs a command.
     *
     * @return its exit code
     */
    static int run(String... args) {
        String logLevel = CommandTable.logLevel(args);
        if (logLevel.equals(CommandTable.NO_LOG)) {
            // A log would only be in the way, and loading its classes costs a tenth of a second.
            System.setProperty("slf4j.internal.verbosity", "WARN");
            System.setProperty("slf4j.provider", "org.slf4j.helpers.NOP_FallbackServiceProvider");
        } else if (System.getenv("PROCPOOL_LOG_LEVEL") == null) {
            System.setProperty("PROCPOOL_LOG_LEVEL", logLevel);
        }
        Console console = Console.system();
        int exitCode = CommandTable.commandLine(console, args).execute(args);
        try {
            console.flush();
        } catch (CliException e) {
            console.error(String.valueOf(e.getMessage()));
            return exitCode == ExitCode.OK ? e.exitCode() : exitCode;
        }
        return exitCode;
    }
}
