package org.procpool.cli.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** All options of a command that can stand in a file, in the order of its help. Immutable. */
public final class ConfigOptions {

    /** Says where the file is, so it cannot stand in it. */
    static final String FILE_FLAG = "--config";

    private final List<ConfigOption> all;

    private ConfigOptions(List<ConfigOption> all) {
        this.all = all;
    }

    public static ConfigOptions of(CommandSpec command) {
        List<ConfigOption> all = new ArrayList<>();
        for (OptionSpec option : command.options()) {
            boolean asksForText = option.usageHelp() || option.versionHelp();
            if (!asksForText && !option.hidden() && !option.longestName().equals(FILE_FLAG)) {
                all.add(new ConfigOption(option));
            }
        }
        return new ConfigOptions(List.copyOf(all));
    }

    public List<ConfigOption> all() {
        return all;
    }

    List<String> names() {
        return all.stream().map(ConfigOption::name).toList();
    }

    List<String> variables() {
        return all.stream().map(ConfigOption::variable).toList();
    }

    Optional<ConfigOption> find(String name) {
        return all.stream().filter(option -> option.name().equals(name)).findFirst();
    }
}
