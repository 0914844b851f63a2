package org.procpool.cli.config;

/**
 * One option's value from outside the command line.
 *
 * @param source for people: a file and line, or a variable
 */
public record Setting(ConfigOption option, String value, String source) {}
