package org.procpool.recorder;

import java.nio.ByteBuffer;

/**
 * What a dead worker left in its flight recorder, in private memory that nobody can change any more. The verdict on an
 * offer: with a complete result in {@link #unparsed}, or before it, it is done; else if STARTED, it is what the death
 * cost; else it never ran. Not thread-safe.
 */
public final class Corpse {

    private final ByteBuffer copy;
    private final RecorderOptions options;
    private final long[] offered;
    private final long parsed;
    private final long writtenBefore;

    Corpse(ByteBuffer copy, RecorderOptions options, long[] offered, long parsed, long writtenBefore) {
        this.copy = copy;
        this.options = options;
        this.offered = offered;
        this.parsed = parsed;
        this.writtenBefore = writtenBefore;
    }

    /**
     * How far that offer got.
     *
     * @throws CorruptRecorderException if the claim holds what cannot be
     */
    public ClaimState state(long dispatch) {
        return Layout.state(copy.getLong(known(dispatch)), dispatch);
    }

    /** As {@link SupervisorPage#startNanos}. */
    public long startNanos(long dispatch) {
        return copy.getLong(known(dispatch) + Layout.START_TIME_OFFSET);
    }

    private int known(long dispatch) {
        Layout.checkDispatch(dispatch);
        long owner = offered[(int) dispatch & options.claims() - 1];
        if (owner != dispatch) {
            throw new IllegalArgumentException(
                    "the claim of dispatch " + dispatch + " belongs to dispatch " + owner + " now");
        }
        return Layout.claimOffset(dispatch, options.claims());
    }

    /**
     * The answers that were not taken over, to be decoded in place of all that is still in the socket. They go on
     * where {@link SupervisorPage#publishParsed} stopped, amid a frame if need be; what is no whole frame at
     * the end was never finished.
     *
     * @throws CorruptRecorderException if the worker's position cannot be
     */
    public ByteBuffer unparsed() {
        int ringBytes = options.ringBytes();
        long written =
                SupervisorPage.checkedWritten(copy.getLong(Layout.WRITTEN_OFFSET), parsed, writtenBefore, ringBytes);
        int length = (int) (written - parsed);
        int start = (int) parsed & ringBytes - 1;
        int first = Math.min(length, ringBytes - start);
        int ring = Layout.ringOffset(options.claims());
        ByteBuffer bytes = ByteBuffer.allocate(length);
        bytes.put(copy.slice(ring + start, first));
        bytes.put(copy.slice(ring, length - first));
        return bytes.flip();
    }
}
