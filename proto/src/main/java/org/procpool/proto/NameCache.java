package org.procpool.proto;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads names that come again and again, such as those of tasks: one that came before is found by its bytes, and no
 * string is made. Remembers the last {@value #PLACES} at most, whatever its peer sends. Not thread-safe.
 */
public final class NameCache {

    static final int PLACES = 64;
    /** Longer names are read anew each time. */
    private static final int BYTES_MAX = 64;

    private final byte @Nullable [][] bytes = new byte[PLACES][];
    private final String[] names = new String[PLACES];

    /** Reads a string field, of which the tag has been read. */
    public String read(WireInput in) {
        int start = in.position();
        int length = Wire.readLength(in);
        if (length == 0 || length > BYTES_MAX) {
            in.position(start);
            return Wire.readString(in);
        }
        int body = in.position();
        int hash = length;
        for (int i = 0; i < length; i++) {
            hash = 31 * hash + in.readByte();
        }
        int place = (hash ^ hash >>> 16) & PLACES - 1;
        byte[] known = bytes[place];
        if (known != null && known.length == length) {
            in.position(body);
            int same = 0;
            while (same < length && in.readByte() == known[same]) {
                same++;
            }
            if (same == length) {
                return names[place];
            }
        }
        in.position(start);
        String name = Wire.readString(in);
        bytes[place] = name.getBytes(StandardCharsets.UTF_8);
        names[place] = name;
        return name;
    }
}
