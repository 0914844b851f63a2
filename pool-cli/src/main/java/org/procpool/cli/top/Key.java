package org.procpool.cli.top;

import java.io.IOException;
import org.jline.utils.NonBlockingReader;

/**
 * A key that was pressed.
 *
 * @param name what it means
 * @param character for {@link Name#CHARACTER}; else 0
 */
record Key(Name name, char character) {

    enum Name {
        UP,
        DOWN,
        PAGE_UP,
        PAGE_DOWN,
        HOME,
        END,
        ENTER,
        ESCAPE,
        CHARACTER,
        /** One that means nothing here. */
        OTHER,
        /** There is no keyboard any more. */
        GONE
    }

    private static final int ESCAPE_CHARACTER = 27;
    private static final int REST_MILLIS = 50;

    /** Waits for the next one. Arrows and their like come as several characters, the first of which is Escape. */
    static Key read(NonBlockingReader in) throws IOException {
        return read(in, REST_MILLIS);
    }

    /** @param restMillis after an Escape, how long the rest of a longer key may take to come */
    static Key read(NonBlockingReader in, long restMillis) throws IOException {
        int first = in.read();
        if (first < 0) {
            return new Key(Name.GONE, '\0');
        }
        if (first == ESCAPE_CHARACTER) {
            return new Key(escaped(in, restMillis), '\0');
        }
        if (first == '\r' || first == '\n') {
            return new Key(Name.ENTER, '\0');
        }
        return new Key(Name.CHARACTER, (char) first);
    }

    private static Name escaped(NonBlockingReader in, long restMillis) throws IOException {
        int next = in.read(restMillis);
        if (next != '[' && next != 'O') {
            return Name.ESCAPE;
        }
        StringBuilder sequence = new StringBuilder();
        int character = in.read(restMillis);
        // The last one is a letter or a tilde; what comes before are numbers.
        while (character >= 0 && character < '@') {
            sequence.append((char) character);
            character = in.read(restMillis);
        }
        if (character >= 0) {
            sequence.append((char) character);
        }
        return switch (sequence.toString()) {
            case "A" -> Name.UP;
            case "B" -> Name.DOWN;
            case "5~" -> Name.PAGE_UP;
            case "6~" -> Name.PAGE_DOWN;
            case "H", "1~", "7~" -> Name.HOME;
            case "F", "4~", "8~" -> Name.END;
            default -> Name.OTHER;
        };
    }
}
