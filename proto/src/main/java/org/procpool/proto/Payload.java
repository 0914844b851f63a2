package org.procpool.proto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The bytes of a task or of a result, never interpreted on the way. Immutable; safe to share between threads. */
public final class Payload {

    public static final Payload EMPTY = new Payload(new byte[0]);

    /** Most are small and in the heap; null if the bytes lie elsewhere. */
    private final byte @Nullable [] array;

    /** The bytes if they are not an array of their own. */
    private final @Nullable ByteBuffer buffer;

    /** Where they are if they are not in this process. */
    private final @Nullable SpoolFile file;

    private final int size;

    private Payload(byte[] array) {
        this.array = array;
        this.buffer = null;
        this.file = null;
        this.size = array.length;
    }

    private Payload(ByteBuffer buffer) {
        this.array = null;
        this.buffer = buffer;
        this.file = null;
        this.size = buffer.remaining();
    }

    private Payload(SpoolFile file) {
        this.array = null;
        this.buffer = null;
        this.file = file;
        this.size = file.size();
    }

    /** Takes the array over without a copy; the caller does not change it any more. */
    public static Payload of(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Payload(bytes);
    }

    /** The text in UTF-8. */
    public static Payload of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Takes the remaining bytes over without a copy; the caller does not change them any more. */
    public static Payload of(ByteBuffer bytes) {
        return bytes.hasRemaining() ? new Payload(bytes.slice()) : EMPTY;
    }

    /** Takes the file over: {@link #release} lets go of it. */
    public static Payload of(SpoolFile file) {
        return new Payload(file);
    }

    /** The file that the bytes lie in; null for most payloads, which are in this process. */
    public @Nullable SpoolFile file() {
        return file;
    }

    /** Keeps a file that it lies in until one more {@link #release}. */
    public void hold() {
        if (file != null) {
            file.hold();
        }
    }

    /** Lets go of a file that it lies in; what was looked at before stays readable. */
    public void release() {
        if (file != null) {
            file.release();
        }
    }

    /** In bytes. */
    public int size() {
        return size;
    }

    /**
     * A view of its own position, read-only. Whoever can do with a copy takes {@link #bytes}: the view may be kept, so
     * the file of a large payload cannot serve again.
     */
    public ByteBuffer buffer() {
        return view().asReadOnlyBuffer();
    }

    private ByteBuffer view() {
        if (file != null) {
            return file.view();
        }
        return buffer != null ? buffer.duplicate() : ByteBuffer.wrap(Objects.requireNonNull(array));
    }

    /** Has the bytes read, which are not to be kept. */
    private <T> T read(Function<ByteBuffer, T> reader) {
        return file != null ? file.read(reader) : reader.apply(view());
    }

    /** A copy. */
    public byte[] bytes() {
        if (array != null) {
            return array.clone();
        }
        byte[] copy = new byte[size];
        read(bytes -> bytes.get(copy));
        return copy;
    }

    /** The bytes read as UTF-8; what is not UTF-8 becomes U+FFFD. */
    public String text() {
        return array != null
                ? new String(array, StandardCharsets.UTF_8)
                : read(StandardCharsets.UTF_8::decode).toString();
    }

    public void writeTo(WireOutput out) {
        if (array != null) {
            out.writeBytes(array, 0, size);
        } else if (file != null) {
            out.writeFile(file);
        } else {
            out.writeBytes(view());
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Payload payload && read(mine -> payload.read(mine::equals));
    }

    @Override
    public int hashCode() {
        return read(ByteBuffer::hashCode);
    }

    /** The size only: payloads never reach a log. */
    @Override
    public String toString() {
        return "Payload[" + size() + " bytes]";
    }
}
