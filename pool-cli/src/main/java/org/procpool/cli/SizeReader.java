package org.procpool.cli;

import org.procpool.task.Sizes;
import picocli.CommandLine.ITypeConverter;

/** Reads {@code 64k}, {@code 10m}, {@code 1g} as bytes. */
final class SizeReader implements ITypeConverter<Long> {

    @Override
    public Long convert(String text) {
        return Sizes.parseBytes(text);
    }
}
