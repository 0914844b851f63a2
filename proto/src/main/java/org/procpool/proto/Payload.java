package org.procpool.proto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The bytes of a task or of a result, never interpreted on the way. Immutable; safe to share between threads. */
public final class Payload {

    public static final Payload EMPTY = new Payload(ByteBuffer.allocate(0));

    private final ByteBuffer bytes;

    private Payload(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /** Takes the array over without a copy; the caller does not change it any more. */
    public static Payload of(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Payload(ByteBuffer.wrap(bytes));
    }

    /** The text in UTF-8. */
    public static Payload of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Takes the remaining bytes over without a copy; the caller does not change them any more. */
    public static Payload of(ByteBuffer bytes) {
        return bytes.hasRemaining() ? new Payload(bytes.slice()) : EMPTY;
    }

    /** In bytes. */
    public int size() {
        return bytes.remaining();
    }

    /** A view of its own position, read-only. */
    public ByteBuffer buffer() {
        return bytes.asReadOnlyBuffer();
    }

    /** A copy. */
    public byte[] bytes() {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(0, copy);
        return copy;
    }

    /** The bytes read as UTF-8; what is not UTF-8 becomes U+FFFD. */
    public String text() {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    public void writeTo(WireOutput out) {
        if (bytes.hasArray()) {
            out.writeBytes(bytes.array(), bytes.arrayOffset(), bytes.remaining());
        } else {
            out.writeBytes(bytes);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Payload payload && bytes.equals(payload.bytes);
    }

    @Override
    public int hashCode() {
        return bytes.hashCode();
    }

    /** The size only: payloads never reach a log. */
    @Override
    public String toString() {
        return "Payload[" + size() + " bytes]";
    }
}
