package org.procpool.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.procpool.task.Durations;
import picocli.CommandLine;

/** All commands. Only the one that was typed is made, so that a quick one does not wait for the classes of the rest. */
final class CommandTable {

    /** In the order of the help. */
    static final List<String> NAMES = List.of(
            "demo",
            "serve",
            "submit",
            "run",
            "result",
            "cancel",
            "status",
            "workers",
            "tasks",
            "explain",
            "events",
            "top",
            "scale",
            "pause",
            "resume",
            "quarantine",
            "restart",
            "drain",
            "reload",
            "bench",
            "torture",
            "config",
            "doctor",
            "completion");

    private static final String SERVE = "serve";

    /** For commands that end in a blink. */
    static final String NO_LOG = "OFF";

    private CommandTable() {}

    private static CliCommand make(String name, Console console) {
        return switch (name) {
            case "demo" -> new DemoCommand(console);
            case "serve" -> new ServeCommand(console);
            case "submit" -> new SubmitCommand(console);
            case "run" -> new RunCommand(console);
            case "result" -> new ResultCommand(console);
            case "cancel" -> new CancelCommand(console);
            case "status" -> new StatusCommand(console);
            case "workers" -> new WorkersCommand(console);
            case "tasks" -> new TasksCommand(console);
            case "explain" -> new ExplainCommand(console);
            case "events" -> new EventsCommand(console);
            case "top" -> new TopCommand(console);
            case "scale" -> new ScaleCommand(console);
            case "pause" -> new PauseCommand(console);
            case "resume" -> new ResumeCommand(console);
            case "quarantine" -> new QuarantineCommand(console);
            case "restart" -> new RestartCommand(console);
            case "drain" -> new DrainCommand(console);
            case "reload" -> new ReloadCommand(console);
            case "bench" -> new BenchCommand(console);
            case "torture" -> new TortureCommand(console);
            case "config" -> new ConfigCommand(console);
            case "doctor" -> new DoctorCommand(console);
            case "completion" -> new CompletionCommand(console);
            default -> throw new IllegalArgumentException("there is no command '" + name + "'");
        };
    }

    /** The level of the command's log on standard error; {@link #NO_LOG} if it has none. */
    static String logLevel(String... args) {
        return switch (args.length == 0 ? "" : args[0]) {
            case "serve" -> "INFO";
            // They tell what happens themselves.
            case "demo", "run", "bench", "torture" -> "ERROR";
            default -> NO_LOG;
        };
    }

    /** Ready to execute those arguments. */
    static CommandLine commandLine(Console console, String... args) {
        if (args.length > 0 && NAMES.contains(args[0])) {
            CommandLine line = configured(console, List.of(args[0]));
            CommandLine serve = line.getSubcommands().get(SERVE);
            if (serve != null) {
                List<String> flags = List.of(args).subList(1, args.length);
                ServeConfig.read(flags, System.getenv()).apply(serve);
            }
            return line;
        }
        return complete(console);
    }

    /** {@code serve} alone, as nobody has configured it. */
    static CommandLine serve(Console console) {
        return withConverters(new CommandLine(new ServeCommand(console)));
    }

    private static CommandLine withConverters(CommandLine line) {
        return line.registerConverter(Duration.class, text -> Duration.ofNanos(Durations.parseNanos(text)));
    }

    /** With all commands. */
    static CommandLine complete(Console console) {
        return configured(console, NAMES);
    }

    private static CommandLine configured(Console console, List<String> names) {
        CommandLine root = new CommandLine(new RootCommand(console));
        for (String name : names) {
            CommandLine command = new CommandLine(make(name, console));
            // The options of the command that it runs are not its own.
            command.setStopAtPositional(name.equals("run"));
            root.addSubcommand(name, command);
        }
        CommandLine bench = root.getSubcommands().get("bench");
        if (bench != null) {
            bench.addSubcommand("floors", new FloorsCommand(console));
            bench.addSubcommand("sweep", new SweepCommand(console));
            bench.addSubcommand("compare", new CompareCommand(console));
        }
        CommandLine config = root.getSubcommands().get("config");
        if (config != null) {
            ConfigCommand.addTo(config, console);
        }
        withConverters(root);
        root.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
        root.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
        Errors errors = new Errors(console);
        root.setParameterExceptionHandler(errors);
        root.setExecutionExceptionHandler(errors);
        return root;
    }
}
