package org.procpool.cli;

import java.util.function.Supplier;
import org.procpool.proto.Payload;

/**
 * One task of a batch.
 *
 * @param label for people: a file, or {@code line 7}
 * @param payload reads the input when its turn has come; may throw {@link CliException}
 */
record BatchItem(String label, Supplier<Payload> payload) {}
