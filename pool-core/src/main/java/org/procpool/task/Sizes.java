package org.procpool.task;

import java.util.Locale;

/** Sizes in bytes as people write them: {@code 512}, {@code 64k}, {@code 10m}, {@code 1g}, in powers of 1024. */
public final class Sizes {

    private static final String UNITS = "kmgt";
    private static final int STEP_BITS = 10;
    private static final int DIGITS_MAX = 18;

    private Sizes() {}

    /** The size, rounded down to a tenth for reading: {@code 512 B}, {@code 3.4k}, {@code 64m}. */
    public static String format(long bytes) {
        if (bytes < 1 << STEP_BITS) {
            return bytes + " B";
        }
        int unit = 0;
        while (unit < UNITS.length() - 1 && bytes >> (unit + 2) * STEP_BITS != 0) {
            unit++;
        }
        int shift = (unit + 1) * STEP_BITS;
        long whole = bytes >> shift;
        long tenth = (bytes - (whole << shift)) * 10 >> shift;
        return whole + (tenth == 0 || whole >= 100 ? "" : "." + tenth) + UNITS.charAt(unit);
    }

    /**
     * Reads a size: a whole number and nothing, b, k, m, g or t, in either case.
     *
     * @return bytes
     * @throws IllegalArgumentException with a sentence for people
     */
    public static long parseBytes(String text) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        int power = switch (text.substring(digits).toLowerCase(Locale.ROOT)) {
            case "", "b" -> 0;
            case "k" -> 1;
            case "m" -> 2;
            case "g" -> 3;
            case "t" -> 4;
            default -> -1;
        };
        if (digits == 0 || digits > DIGITS_MAX || power < 0) {
            throw new IllegalArgumentException("'" + text + "' is not a size; write for example 512, 64k, 10m or 1g");
        }
        int shift = power * STEP_BITS;
        long number = Long.parseLong(text.substring(0, digits));
        if (number > Long.MAX_VALUE >> shift) {
            throw new IllegalArgumentException("the size '" + text + "' is too large to count in bytes");
        }
        return number << shift;
    }
}
