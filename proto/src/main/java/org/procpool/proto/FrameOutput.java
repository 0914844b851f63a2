package org.procpool.proto;

/** A {@link WireOutput} in front of a blocking socket. Not thread-safe; its owner sees to that. */
public interface FrameOutput extends WireOutput {

    /** Bytes that were appended and not yet written to the socket. */
    int pendingBytes();

    /** How often something was written to the socket: if it is the same as before, nothing had to be waited for. */
    int writes();

    /** To be called when a frame is complete: from here on it outlives this process, where the output can do that. */
    void publish();

    /**
     * Writes everything to the socket; waits while its peer does not read.
     *
     * @throws java.io.UncheckedIOException if the peer is gone
     */
    void flush();
}
