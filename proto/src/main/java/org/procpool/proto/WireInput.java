package org.procpool.proto;

/**
 * A window of received bytes, read by absolute position. Each process has one implementation on its hot path, so that
 * calls through this interface stay monomorphic. Not thread-safe.
 */
public interface WireInput {

    /** Position of the next byte to read. */
    int position();

    void position(int position);

    /** First position that must not be read. */
    int limit();

    /**
     * Narrows or restores the window.
     *
     * @return the limit before
     */
    int limit(int limit);

    /**
     * Reads one byte.
     *
     * @throws WireException TRUNCATED at the limit
     */
    byte readByte();

    /** The next eight bytes, the first as the lowest; the position stays. Only if that many are left. */
    long peekWord();

    /**
     * Reads and copies bytes.
     *
     * @throws WireException TRUNCATED if fewer than {@code length} are left; nothing is allocated then
     */
    byte[] readBytes(int length);

    /** Bytes between position and limit. */
    default int remaining() {
        return limit() - position();
    }
}
