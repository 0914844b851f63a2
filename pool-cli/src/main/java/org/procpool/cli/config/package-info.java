/**
 * Settings from a file and from the environment, for the options of a command. Each option is declared once, as
 * picocli's annotation beside the field that it fills; names, types, descriptions, the schema and the commented default
 * file are all taken from picocli's model of it. Knows no command, may import no other package of ours but values.
 */
@NullMarked
package org.procpool.cli.config;

import org.jspecify.annotations.NullMarked;
