package org.procpool.cli;

import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Something that can be switched off. picocli has ideas of its own about options that are true or false. */
enum OnOff {
    on,
    off;

    static <T> T with(T options, @Nullable OnOff value, BiFunction<T, Boolean, T> change) {
        return value == null ? options : change.apply(options, value == on);
    }
}
