package org.procpool.cli;

import org.procpool.task.Sizes;
import picocli.CommandLine.ITypeConverter;

/** Reads {@code 100}, {@code 64k}, {@code 1m} as the bytes of one payload. */
final class PayloadSizeReader implements ITypeConverter<Integer> {

    @Override
    public Integer convert(String text) {
        long bytes = Sizes.parseBytes(text);
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "payload is " + Sizes.format(bytes) + ", which is more than fits a task");
        }
        return (int) bytes;
    }
}
