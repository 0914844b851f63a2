package org.procpool.proto;

/** A message that knows how to write itself as one frame. Immutable. */
public interface Frame {

    /** Field of the message in its direction's one-of. */
    int kind();

    /** Bytes that {@link #writeBody} writes. */
    int bodySize();

    /** Writes the message's fields in ascending order, the payload last. */
    void writeBody(WireOutput out);

    /** Writes length prefix, head and body. */
    default void write(WireOutput out) {
        Wire.writeFrameHead(out, kind(), bodySize());
        writeBody(out);
    }
}
