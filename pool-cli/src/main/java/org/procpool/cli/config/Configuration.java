package org.procpool.cli.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.procpool.task.NearestNames;
import picocli.CommandLine;

/**
 * The settings of a command from a file and from the environment, the environment winning; flags win over both.
 * Immutable.
 */
public final class Configuration {

    /** The value of one setting, tried out. */
    public interface Trial {
        /** What is wrong with it, in the words of whoever reads it; null if nothing is. */
        @Nullable
        String refusal(ConfigOption option, String value);
    }

    /** Those with a meaning of their own. */
    private static final List<String> OTHER_VARIABLES =
            List.of("PROCPOOL_CONFIG", "PROCPOOL_SERVER", "PROCPOOL_JAVA_OPTS", "PROCPOOL_WORKER");

    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private Configuration() {}

    /** Of settings that were read before. */
    public static Configuration of(List<Setting> settings) {
        Configuration configuration = new Configuration();
        settings.forEach(setting -> configuration.settings.put(setting.option().name(), setting));
        return configuration;
    }

    /**
     * Reads the settings. Does not fail: what is wrong is in the {@link #problems}, and not among the settings.
     *
     * @param file null = none
     */
    public static Configuration read(
            ConfigOptions options, @Nullable Path file, Map<String, String> environment, Trial trial) {
        Configuration configuration = new Configuration();
        if (file != null) {
            ConfigFile read = ConfigFile.read(file);
            configuration.problems.addAll(read.problems());
            read.entries().forEach(entry -> configuration.add(options, entry, trial));
        }
        for (ConfigOption option : options.all()) {
            String value = environment.get(option.variable());
            if (value != null && !value.isEmpty()) {
                configuration.add(new Setting(option, value, option.variable()), trial);
            }
        }
        configuration.warnOfTypos(options, environment);
        return configuration;
    }

    private void add(ConfigOptions options, ConfigFile.Entry entry, Trial trial) {
        Optional<ConfigOption> option = options.find(entry.name());
        if (option.isEmpty()) {
            problems.add(entry.place() + ": unknown setting '" + entry.name() + "'"
                    + nearest(entry.name(), options.names()));
        } else if (entry.list() && option.get().kind() != ConfigOption.Kind.LIST) {
            problems.add(entry.place() + ": " + entry.name() + " takes one value, not a list: "
                    + option.get().allowed());
        } else {
            String value = String.join(ConfigOption.SEPARATOR, entry.values());
            add(new Setting(option.get(), value, entry.place()), trial);
        }
    }

    private void add(Setting setting, Trial trial) {
        String refusal = trial.refusal(setting.option(), setting.value());
        if (refusal == null) {
            settings.put(setting.option().name(), setting);
        } else {
            problems.add(setting.source() + ": " + setting.option().name() + ": " + refusal);
        }
    }

    /** Other programs may have variables with our prefix, but one that is nearly an option's is meant to be it. */
    private void warnOfTypos(ConfigOptions options, Map<String, String> environment) {
        List<String> known = options.variables();
        for (String variable : new TreeMap<>(environment).keySet()) {
            if (variable.startsWith("PROCPOOL_") && !known.contains(variable) && !OTHER_VARIABLES.contains(variable)) {
                String nearest = nearest(variable, known);
                if (!nearest.isEmpty()) {
                    warnings.add("the variable " + variable + " is not a setting" + nearest);
                }
            }
        }
    }

    private static String nearest(String name, List<String> names) {
        List<String> nearest = NearestNames.of(name, names);
        return nearest.isEmpty() ? "" : " (did you mean '" + nearest.get(0) + "'?)";
    }

    public List<Setting> settings() {
        return List.copyOf(settings.values());
    }

    /** Lets the command have these settings where no flag is given. */
    public void applyTo(CommandLine command) {
        applyTo(settings(), command);
    }

    /** The same for some settings. */
    public static void applyTo(List<Setting> settings, CommandLine command) {
        SettingDefaults.apply(settings, command);
    }

    public Optional<Setting> setting(String name) {
        return Optional.ofNullable(settings.get(name));
    }

    /** A sentence each, with its place. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    /** What is probably not meant but does no harm. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }
}
