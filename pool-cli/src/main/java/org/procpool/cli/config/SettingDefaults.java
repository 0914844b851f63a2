package org.procpool.cli.config;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Gives picocli the settings as what holds where no flag is given. */
final class SettingDefaults implements IDefaultValueProvider {

    private final Map<String, String> values;

    private SettingDefaults(Map<String, String> values) {
        this.values = values;
    }

    static void apply(List<Setting> settings, CommandLine command) {
        Map<String, String> values = settings.stream()
                .collect(Collectors.toMap(setting -> setting.option().flag(), Setting::value));
        command.setDefaultValueProvider(new SettingDefaults(values));
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        String value = argument instanceof OptionSpec option ? values.get(option.longestName()) : null;
        // A value is what is written; picocli would fill in variables.
        return value == null ? null : value.replace("${", "$${");
    }
}
