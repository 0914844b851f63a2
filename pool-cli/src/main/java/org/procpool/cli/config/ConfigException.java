package org.procpool.cli.config;

import java.util.List;

/** What is wrong with the settings, for people. */
public final class ConfigException extends RuntimeException {

    private final List<String> problems;

    public ConfigException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** One sentence each, with its place. */
    public List<String> problems() {
        return problems;
    }
}
