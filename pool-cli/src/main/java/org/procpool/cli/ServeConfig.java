package org.procpool.cli;

import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.procpool.PoolException;
import org.procpool.cli.config.ConfigException;
import org.procpool.cli.config.ConfigOption;
import org.procpool.cli.config.ConfigOptions;
import org.procpool.cli.config.Configuration;
import org.procpool.cli.config.Culprits;
import org.procpool.cli.config.Setting;
import org.procpool.server.PoolServer;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * What {@code serve} is told by flags, variables and its file. Tries values out on commands of its own that are never
 * run, so that each is judged by the code that would use it.
 */
final class ServeConfig {

    /** Where a package puts the file. */
    static final String INSTALLED = "/etc/procpool/procpool.yaml";

    private static final String FLAG = "--config";
    private static final String VARIABLE = "PROCPOOL_CONFIG";

    /** For commands that are only tried out. */
    private static final Console SILENT = new Console(
            new ByteArrayInputStream(new byte[0]),
            OutputStream.nullOutputStream(),
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
            false,
            false);

    private final List<String> flags;
    private final @Nullable Path file;
    private final Configuration configuration;

    private ServeConfig(List<String> flags, @Nullable Path file, Configuration configuration) {
        this.flags = List.copyOf(flags);
        this.file = file;
        this.configuration = configuration;
    }

    /** A command to try values out on; it is not to be run. */
    static CommandLine trial() {
        return CommandTable.serve(SILENT);
    }

    /** Of a command that nobody has configured. */
    static ServeConfig none() {
        return new ServeConfig(List.of(), null, Configuration.of(List.of()));
    }

    /**
     * Reads the settings; what is wrong with them is said by {@link #check}.
     *
     * @param flags the words behind {@code serve}
     */
    static ServeConfig read(List<String> flags, Map<String, String> environment) {
        Path file = file(flags, environment);
        CommandLine trial = trial();
        Configuration configuration =
                Configuration.read(options(), file, environment, (option, value) -> refusal(trial, option, value));
        return new ServeConfig(flags, file, configuration);
    }

    static ConfigOptions options() {
        return ConfigOptions.of(trial().getCommandSpec());
    }

    private static @Nullable Path file(List<String> flags, Map<String, String> environment) {
        for (int i = flags.size() - 1; i >= 0; i--) {
            if (flags.get(i).startsWith(FLAG + "=")) {
                return Path.of(flags.get(i).substring(FLAG.length() + 1));
            }
            if (flags.get(i).equals(FLAG) && i + 1 < flags.size()) {
                return Path.of(flags.get(i + 1));
            }
        }
        String variable = environment.getOrDefault(VARIABLE, "");
        if (!variable.isEmpty()) {
            return Path.of(variable);
        }
        return Files.exists(Path.of(INSTALLED)) ? Path.of(INSTALLED) : null;
    }

    private static @Nullable String refusal(CommandLine trial, ConfigOption option, String value) {
        try {
            trial.parseArgs(option.flag() + "=" + value);
            return null;
        } catch (ParameterException e) {
            // The sentences of our own parsers say all.
            return e.getCause() instanceof IllegalArgumentException ours && !(ours instanceof NumberFormatException)
                    ? String.valueOf(ours.getMessage())
                    : "'" + value + "' is not allowed here, it must be " + option.allowed();
        }
    }

    /** The file that was read; null if none was. */
    @Nullable
    Path file() {
        return file;
    }

    List<String> warnings() {
        return configuration.warnings();
    }

    /** Lets the command have these settings where no flag is given. */
    void apply(CommandLine serve) {
        ((ServeCommand) serve.getCommand()).configuredBy(this);
        configuration.applyTo(serve);
    }

    /**
     * Makes sure that each value can be read.
     *
     * @throws ConfigException that tells all that cannot
     */
    void check() {
        if (!configuration.problems().isEmpty()) {
            throw new ConfigException(configuration.problems());
        }
    }

    /**
     * Makes sure that all values together would be taken.
     *
     * @throws ConfigException that tells what would not be, and where it comes from if it is no flag
     */
    void checkTogether() {
        List<String> problems = new ArrayList<>(configuration.problems());
        problems.addAll(Culprits.problems(configuration.settings(), this::refusal));
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    private @Nullable String refusal(List<Setting> settings) {
        try {
            PoolServer.check(command(settings).options());
            return null;
        } catch (IllegalArgumentException | PoolException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** The same flags and variables, with the file as it is now. */
    ServeConfig readAgain(Map<String, String> environment) {
        return read(flags, environment);
    }

    /** These settings, but for some that are as in the others. */
    ServeConfig with(Collection<String> names, ServeConfig others) {
        List<Setting> settings = new ArrayList<>(configuration.settings());
        settings.removeIf(setting -> names.contains(setting.option().name()));
        names.forEach(name -> others.configuration.setting(name).ifPresent(settings::add));
        return new ServeConfig(flags, file, Configuration.of(settings));
    }

    /** A command with these settings and flags, which is not run. */
    ServeCommand command() {
        return command(configuration.settings());
    }

    private ServeCommand command(List<Setting> settings) {
        CommandLine serve = trial();
        Configuration.applyTo(settings, serve);
        serve.parseArgs(flags.toArray(String[]::new));
        return serve.getCommand();
    }

    /**
     * After the service has refused its options: says whose fault it is, if it is not a flag's.
     *
     * @throws ConfigException that tells the settings to blame
     */
    void blame() {
        List<String> problems = Culprits.problems(configuration.settings(), this::refusal);
        if (refusal(List.of()) == null && !problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    /**
     * What is in force.
     *
     * @param value as it would be written; empty if there is none
     * @param source for people
     */
    record InForce(String value, String source) {}

    /** What is in force for each option, by its name. */
    Map<String, InForce> inForce() {
        CommandLine serve = trial();
        ParseResult parsed = serve.parseArgs(flags.toArray(String[]::new));
        CommandSpec command = serve.getCommandSpec();
        Map<String, InForce> all = new LinkedHashMap<>();
        for (ConfigOption option : options().all()) {
            OptionSpec matched = parsed.matchedOption(option.flag());
            OptionSpec flag = matched == null ? command.findOption(option.flag()) : matched;
            all.put(option.name(), matched == null ? setting(option) : new InForce(written(flag), option.flag()));
        }
        return all;
    }

    private static String written(OptionSpec flag) {
        return flag.arity().max() == 0
                ? flag.<Boolean>getValue().toString()
                : String.join(",", flag.originalStringValues());
    }

    private InForce setting(ConfigOption option) {
        return configuration
                .setting(option.name())
                .map(setting -> new InForce(setting.value(), setting.source()))
                .orElseGet(() -> new InForce(option.defaultText(), "default"));
    }
}
