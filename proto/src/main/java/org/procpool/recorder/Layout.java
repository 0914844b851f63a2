package org.procpool.recorder;

/**
 * Where things stand in the page, in bytes from its start. All values are of 8 bytes, in the machine's byte order:
 * header, then claims, then the ring.
 *
 * <p>To change the layout: raise {@link #VERSION}, change the offsets here and the picture in {@code docs/recorder.md}.
 * Old and new never meet in one page on purpose, because supervisor and worker come from one release; the version makes
 * it an error if they do.
 */
final class Layout {

    /** The bytes "PPLFLTRC" on a little-endian machine. */
    static final long MAGIC = 0x4352544C464C5050L;

    static final long VERSION = 1;

    // Written by the supervisor before the worker is started, read by the worker once.
    static final int MAGIC_OFFSET = 0;
    static final int VERSION_OFFSET = 8;
    static final int CLAIMS_OFFSET = 16;
    static final int RING_BYTES_OFFSET = 24;

    // Two cache lines apart each: they have different writers, and processors fetch lines in pairs.
    static final int WRITTEN_OFFSET = 128;
    static final int CONSUMED_OFFSET = 256;
    static final int PARSED_OFFSET = 384;

    static final int HEADER_BYTES = 4096;

    private static final int CLAIM_BYTES = 16;

    /** Of the start time, from that of its claim word. */
    static final int START_TIME_OFFSET = 8;

    /** Highest dispatch that fits into a claim word, which stays positive. */
    static final long DISPATCH_MAX = Long.MAX_VALUE >> 2;

    private static final int STATE_BITS = 2;

    private static final ClaimState[] STATES = ClaimState.values();

    private Layout() {}

    static int ringOffset(int claims) {
        return HEADER_BYTES + claims * CLAIM_BYTES;
    }

    /** Of the claim word of a dispatch. */
    static int claimOffset(long dispatch, int claims) {
        return HEADER_BYTES + ((int) dispatch & claims - 1) * CLAIM_BYTES;
    }

    /** Never 0, which is the word of a claim that was not in use yet. */
    static long word(long dispatch, ClaimState state) {
        return dispatch << STATE_BITS | state.ordinal() + 1;
    }

    static ClaimState state(long word, long dispatch) {
        long number = word - (dispatch << STATE_BITS) - 1;
        if (number >= 0 && number < STATES.length) {
            return STATES[(int) number];
        }
        throw new CorruptRecorderException(
                "the claim of dispatch " + dispatch + " holds the impossible word 0x" + Long.toHexString(word));
    }

    static void checkDispatch(long dispatch) {
        if (dispatch < 1 || dispatch > DISPATCH_MAX) {
            throw new IllegalArgumentException("dispatch " + dispatch + " is not from 1 to " + DISPATCH_MAX);
        }
    }
}
