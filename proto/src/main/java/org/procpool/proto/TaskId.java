package org.procpool.proto;

import java.util.Locale;

/**
 * How task ids are shown to people: 13 or fewer characters of Crockford's base 32, most significant first.
 *
 * @see <a href="https://www.crockford.com/base32.html">Crockford's base 32</a>
 */
public final class TaskId {

    private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int BITS = 5;
    private static final int LENGTH_MAX = 13;

    private TaskId() {}

    public static String format(long id) {
        char[] digits = new char[LENGTH_MAX];
        int first = LENGTH_MAX;
        long rest = id;
        do {
            digits[--first] = DIGITS.charAt((int) rest & 31);
            rest >>>= BITS;
        } while (rest != 0);
        return new String(digits, first, LENGTH_MAX - first);
    }

    /**
     * Reads what {@link #format} wrote, in capitals too.
     *
     * @throws IllegalArgumentException with a sentence for people if it is not a task id
     */
    public static long parse(String text) {
        String digits = text.strip().toLowerCase(Locale.ROOT);
        if (digits.isEmpty() || digits.length() > LENGTH_MAX) {
            throw new IllegalArgumentException("'" + text + "' is not a task id: it has 1 to 13 characters");
        }
        long id = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = DIGITS.indexOf(digits.charAt(i));
            if (digit < 0 || id >>> Long.SIZE - BITS != 0) {
                throw new IllegalArgumentException(
                        "'" + text + "' is not a task id: procpool submit --detach prints one");
            }
            id = id << BITS | digit;
        }
        return id;
    }
}
