package org.procpool.bench.floor;

import java.util.List;

/**
 * How the bare relay moves its bytes; what is best is found out by measuring.
 *
 * @param workers from 1
 * @param copyBelow pieces of fewer bytes are copied into one outgoing buffer a peer, larger ones passed on as they lie
 * @param readBytes most that one read takes
 * @param outBytes size of an outgoing buffer
 * @param flushEach after every piece, instead of once a peer when all that can be read has been
 */
public record RelayOptions(int workers, int copyBelow, int readBytes, int outBytes, boolean flushEach) {

    private static final int BYTES_MIN = 1024;
    private static final int BYTES_MAX = 64 << 20;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public RelayOptions {
        inRange("workers", workers, 1, 1024);
        inRange("copy-below", copyBelow, 0, BYTES_MAX);
        inRange("read-size", readBytes, BYTES_MIN, BYTES_MAX);
        inRange("out-size", outBytes, BYTES_MIN, BYTES_MAX);
    }

    private static void inRange(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " is " + value + ", allowed is " + min + " to " + max);
        }
    }

    /** What was fastest. */
    public static RelayOptions defaults(int workers) {
        return new RelayOptions(workers, 16 * 1024, 64 * 1024, 64 * 1024, false);
    }

    /** As words for a command line. */
    public List<String> words() {
        return List.of(
                Integer.toString(workers),
                Integer.toString(copyBelow),
                Integer.toString(readBytes),
                Integer.toString(outBytes),
                Boolean.toString(flushEach));
    }

    /** From such words, beginning with that one. */
    static RelayOptions of(String[] words, int first) {
        return new RelayOptions(
                Integer.parseInt(words[first]),
                Integer.parseInt(words[first + 1]),
                Integer.parseInt(words[first + 2]),
                Integer.parseInt(words[first + 3]),
                Boolean.parseBoolean(words[first + 4]));
    }
}
