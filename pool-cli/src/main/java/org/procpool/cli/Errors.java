package org.procpool.cli;

import java.util.Collection;
import java.util.List;
import org.procpool.PoolException;
import org.procpool.cli.config.ConfigException;
import org.procpool.client.ClientException;
import org.procpool.task.NearestNames;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what went wrong into one line and an exit code. */
final class Errors implements IParameterExceptionHandler, IExecutionExceptionHandler {

    private final Console console;

    Errors(Console console) {
        this.console = console;
    }

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        String name = e.getCommandLine().getCommandSpec().qualifiedName();
        String message = usageMessage(e);
        if (e instanceof UnmatchedArgumentException && List.of(args).contains("--glob")) {
            message += " (is the pattern of --glob in quotes, so that the shell leaves it alone?)";
        }
        console.error(message + "; see '" + name + " --help'");
        return ExitCode.USAGE;
    }

    private static String usageMessage(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            return unmatchedMessage(unmatched);
        }
        // The sentences of our own parsers say all; picocli would put class names before them.
        if (e.getCause() instanceof IllegalArgumentException ours && !(ours instanceof NumberFormatException)) {
            boolean option = e.getArgSpec() instanceof OptionSpec;
            return (option ? ((OptionSpec) e.getArgSpec()).longestName() + ": " : "") + ours.getMessage();
        }
        String message = String.valueOf(e.getMessage());
        return message.isEmpty() ? message : Character.toLowerCase(message.charAt(0)) + message.substring(1);
    }

    private static String unmatchedMessage(UnmatchedArgumentException e) {
        String typed = e.getUnmatched().get(0);
        String unmatched = typed.startsWith("-") ? typed.replaceFirst("=.*", "") : typed;
        CommandSpec command = e.getCommandLine().getCommandSpec();
        if (unmatched.startsWith("-")) {
            return "unknown option '" + unmatched + "'"
                    + nearest(unmatched, command.optionsMap().keySet());
        }
        return command.parent() == null
                ? "unknown command '" + unmatched + "'" + nearest(unmatched, CommandTable.NAMES)
                : "unexpected argument '" + unmatched + "'";
    }

    private static String nearest(String name, Collection<String> names) {
        List<String> nearest = NearestNames.of(name, names);
        return nearest.isEmpty() ? "" : " (did you mean '" + nearest.get(0) + "'?)";
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine commandLine, ParseResult parsed) {
        if (e instanceof CliException known) {
            String hint = known.exitCode() == ExitCode.USAGE
                    ? "; see '" + commandLine.getCommandSpec().qualifiedName() + " --help'"
                    : "";
            console.error(known.getMessage() + hint);
            return known.exitCode();
        }
        if (e instanceof ConfigException config) {
            config.problems().forEach(console::error);
            return ExitCode.USAGE;
        }
        if (e instanceof ClientException client) {
            console.error(String.valueOf(client.getMessage()));
            return exitCode(client);
        }
        if (e instanceof PoolException) {
            // May quote the last lines of a worker that did not come up.
            console.errorLines(String.valueOf(e.getMessage()));
            return ExitCode.FAILED;
        }
        console.error("this is a bug in procpool, please report it with the lines below");
        e.printStackTrace(console.err());
        return ExitCode.FAILED;
    }

    private static int exitCode(ClientException e) {
        return switch (e.code()) {
            case ClientException.UNREACHABLE, ClientException.NOT_PROCPOOL, ClientException.CONNECTION_LOST ->
                ExitCode.UNREACHABLE;
            case ClientException.ACCESS -> ExitCode.USAGE;
            case ClientException.UNAUTHENTICATED, ClientException.FORBIDDEN -> ExitCode.REFUSED;
            default -> ExitCode.FAILED;
        };
    }
}
