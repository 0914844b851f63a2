/**
 * The commands of {@code bin/procpool}: what people type, read and script against. Exit codes stand in {@link
 * org.procpool.cli.ExitCode}. The only package that may write to standard output or end the process; it sees all others,
 * and none may import it.
 */
@NullMarked
package org.procpool.cli;

import org.jspecify.annotations.NullMarked;
