package org.procpool.proto;

import static org.procpool.proto.WireException.Reason.FRAME_TOO_LARGE;
import static org.procpool.proto.WireException.Reason.MALFORMED;
import static org.procpool.proto.WireException.Reason.TRUNCATED;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The protobuf wire format, as far as procpool's messages use it.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">protobuf encoding</a>
 */
public final class Wire {

    /** Of both protocols, client's and worker's. */
    public static final int PROTOCOL_VERSION = 1;

    /** First field of a client's first frame; on the wire the bytes "PPL1". */
    public static final int CLIENT_MAGIC = 0x314C5050;

    /** What a frame may have beyond its payload: names, numbers, an error's text. */
    public static final int ENVELOPE_BYTES_MAX = 64 * 1024;

    /** Highest {@link Frame#kind} that a client sends. */
    public static final int CLIENT_KIND_MAX = 5;

    /** Highest {@link Frame#kind} that the service sends to a client. */
    public static final int SERVER_KIND_MAX = 8;

    /** Highest {@link Frame#kind} that the supervisor sends to a worker. */
    public static final int SUPERVISOR_KIND_MAX = 7;

    /** Highest {@link Frame#kind} that a worker sends. */
    public static final int WORKER_KIND_MAX = 9;

    public static final int VARINT = 0;
    public static final int FIXED64 = 1;
    public static final int BYTES = 2;
    public static final int FIXED32 = 5;

    /** What {@link #frameLength} answers while the prefix is not complete. */
    public static final int INCOMPLETE = -1;

    private static final int FRAME_PREFIX_BYTES_MAX = 5;
    private static final int VARINT_BYTES_MAX = 10;

    private Wire() {}

    public static int tag(int field, int wireType) {
        return field << 3 | wireType;
    }

    public static int field(int tag) {
        return tag >>> 3;
    }

    public static int wireType(int tag) {
        return tag & 7;
    }

    public static void writeFixed32(WireOutput out, int value) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            out.writeByte(value >>> shift);
        }
    }

    public static void writeFixed64(WireOutput out, long value) {
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            out.writeByte((int) (value >>> shift));
        }
    }

    /** Size of a numeric field; fields that are 0 are left out, as proto3 does. */
    public static int uintFieldSize(int field, long value) {
        return value == 0 ? 0 : Varint.size(tag(field, VARINT)) + Varint.size(value);
    }

    public static void writeUintField(WireOutput out, int field, long value) {
        if (value != 0) {
            out.writeVarintField(tag(field, VARINT), value);
        }
    }

    /** Size of a string, bytes or message field; empty ones are left out. */
    public static int bytesFieldSize(int field, int length) {
        return length == 0 ? 0 : Varint.size(tag(field, BYTES)) + Varint.size(length) + length;
    }

    public static void writeBytesField(WireOutput out, int field, byte[] bytes) {
        if (bytes.length > 0) {
            out.writeVarintField(tag(field, BYTES), bytes.length);
            out.writeBytes(bytes, 0, bytes.length);
        }
    }

    /** Size of a string field; empty ones are left out. */
    public static int stringFieldSize(int field, String text) {
        return bytesFieldSize(field, isAscii(text) ? text.length() : utf8(text).length);
    }

    public static void writeStringField(WireOutput out, int field, String text) {
        if (!text.isEmpty()) {
            out.writeStringField(tag(field, BYTES), text);
        }
    }

    /** Most strings are, and are short: those are measured without a copy. */
    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** Size of one element of a repeated string, bytes or message field; empty ones count too. */
    public static int elementSize(int field, int length) {
        return Varint.size(tag(field, BYTES)) + Varint.size(length) + length;
    }

    public static void writeElement(WireOutput out, int field, byte[] bytes) {
        out.writeVarintField(tag(field, BYTES), bytes.length);
        out.writeBytes(bytes, 0, bytes.length);
    }

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static void writePayloadField(WireOutput out, int field, Payload payload) {
        if (payload.size() > 0) {
            out.writeVarintField(tag(field, BYTES), payload.size());
            payload.writeTo(out);
        }
    }

    public static int fixed32FieldSize(int field, int value) {
        return value == 0 ? 0 : Varint.size(tag(field, FIXED32)) + Integer.BYTES;
    }

    public static void writeFixed32Field(WireOutput out, int field, int value) {
        if (value != 0) {
            out.writeVarint(tag(field, FIXED32));
            writeFixed32(out, value);
        }
    }

    /** Size of a double field; only +0 is left out, as proto3 does. */
    public static int doubleFieldSize(int field, double value) {
        return Double.doubleToRawLongBits(value) == 0 ? 0 : Varint.size(tag(field, FIXED64)) + Long.BYTES;
    }

    public static void writeDoubleField(WireOutput out, int field, double value) {
        if (Double.doubleToRawLongBits(value) != 0) {
            out.writeVarint(tag(field, FIXED64));
            writeFixed64(out, Double.doubleToRawLongBits(value));
        }
    }

    /**
     * Writes the length prefix of a frame and the head of the one message in it.
     *
     * @param kind field of the one-of
     * @param bodySize bytes of the message that the caller writes next
     */
    public static void writeFrameHead(WireOutput out, int kind, int bodySize) {
        int tag = tag(kind, BYTES);
        out.writeVarint(Varint.size(tag) + Varint.size(bodySize) + bodySize);
        out.writeVarintField(tag, bodySize);
    }

    /**
     * Reads the length prefix of the next frame.
     *
     * @param lengthMax largest length to accept, in bytes
     * @return the length, with the position behind the prefix; or {@link #INCOMPLETE}, with the position unmoved
     * @throws WireException FRAME_TOO_LARGE, as soon as the prefix itself shows it; MALFORMED if the prefix has more
     *     than 5 bytes
     */
    public static int frameLength(WireInput in, int lengthMax) {
        int start = in.position();
        long length = 0;
        for (int i = 0; i < FRAME_PREFIX_BYTES_MAX && length <= lengthMax; i++) {
            if (in.position() == in.limit()) {
                in.position(start);
                return INCOMPLETE;
            }
            byte b = in.readByte();
            length |= (long) (b & 0x7F) << 7 * i;
            if (b >= 0 && length <= lengthMax) {
                return (int) length;
            }
        }
        in.position(start);
        if (length <= lengthMax) {
            throw new WireException(
                    MALFORMED, "the length of a frame is written in more than " + FRAME_PREFIX_BYTES_MAX + " bytes");
        }
        throw new WireException(
                FRAME_TOO_LARGE, "a frame announces at least " + length + " bytes, the limit is " + lengthMax);
    }

    public static long readVarint(WireInput in) {
        if (in.remaining() >= Long.BYTES) {
            long word = in.peekWord();
            if ((word & 0x80) == 0) {
                in.position(in.position() + 1);
                return word & 0x7F;
            }
            int size = Varint.sizeIn(word);
            in.position(in.position() + (size != 0 ? size : Long.BYTES));
            // A task's id has nine bytes or ten.
            return size != 0 ? Varint.get(word) : readVarintRest(in, Varint.get(word), Long.BYTES);
        }
        return readVarintRest(in, 0, 0);
    }

    /** @param count bytes that were read, of the value that it begins with */
    private static long readVarintRest(WireInput in, long begin, int count) {
        long value = begin;
        for (int i = count; i < VARINT_BYTES_MAX; i++) {
            byte b = in.readByte();
            value |= (long) (b & 0x7F) << 7 * i;
            if (b >= 0) {
                return value;
            }
        }
        throw new WireException(MALFORMED, "a varint has more than 10 bytes");
    }

    /** Reads a uint32; more bits than that are cut off, as protobuf does. */
    public static int readUint32(WireInput in) {
        return (int) readVarint(in);
    }

    /**
     * Reads the tag of the next field.
     *
     * @throws WireException MALFORMED if the field number or the wire type cannot be
     */
    public static int readTag(WireInput in) {
        int position = in.position();
        byte first = in.readByte();
        if (first >= 1 << 3) {
            // All that are in use.
            return first;
        }
        in.position(position);
        long tag = readVarint(in);
        if (tag >>> 32 != 0 || tag >>> 3 == 0) {
            throw new WireException(MALFORMED, "a field has the impossible tag " + Long.toUnsignedString(tag));
        }
        return (int) tag;
    }

    /**
     * Reads the length of a string, bytes or message field.
     *
     * @throws WireException TRUNCATED if it runs past the limit
     */
    public static int readLength(WireInput in) {
        long length = readVarint(in);
        if (length < 0 || length > in.remaining()) {
            throw new WireException(
                    TRUNCATED,
                    "a field announces " + Long.toUnsignedString(length) + " bytes, " + in.remaining() + " are left");
        }
        return (int) length;
    }

    public static int readFixed32(WireInput in) {
        int value = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            value |= (in.readByte() & 0xFF) << shift;
        }
        return value;
    }

    public static long readFixed64(WireInput in) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            value |= (in.readByte() & 0xFFL) << shift;
        }
        return value;
    }

    public static String readString(WireInput in) {
        byte[] bytes = in.readBytes(readLength(in));
        String text = new String(bytes, StandardCharsets.UTF_8);
        // The decoder puts U+FFFD where the bytes are not UTF-8; only then it is worth looking twice.
        if (text.indexOf('\uFFFD') >= 0) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            } catch (CharacterCodingException e) {
                throw new WireException(MALFORMED, "a string is not UTF-8");
            }
        }
        return text;
    }

    /** Steps over a field that this side does not know. */
    public static void skip(WireInput in, int tag) {
        switch (wireType(tag)) {
            case VARINT -> readVarint(in);
            case FIXED64 -> skipBytes(in, Long.BYTES);
            case BYTES -> skipBytes(in, readLength(in));
            case FIXED32 -> skipBytes(in, Integer.BYTES);
            default ->
                throw new WireException(
                        MALFORMED,
                        "field " + field(tag) + " has the wire type " + wireType(tag) + ", which is not in use");
        }
    }

    private static void skipBytes(WireInput in, int length) {
        if (length > in.remaining()) {
            throw new WireException(TRUNCATED, "a field needs " + length + " bytes, " + in.remaining() + " are left");
        }
        in.position(in.position() + length);
    }

    /**
     * Finds the one message in a frame and narrows the input to it. The caller restores the limit.
     *
     * @param kindMax highest field of the one-of that this side knows; others are skipped
     * @return the message's field in the one-of
     * @throws WireException MALFORMED if there is none, or more than one
     */
    public static int enterMessage(WireInput in, int kindMax) {
        int frameEnd = in.limit();
        int kind = 0;
        int start = 0;
        int end = 0;
        while (in.position() < frameEnd) {
            int tag = readTag(in);
            if (wireType(tag) != BYTES || field(tag) > kindMax) {
                skip(in, tag);
                continue;
            }
            int length = readLength(in);
            if (kind != 0) {
                throw new WireException(MALFORMED, "a frame holds more than one message");
            }
            kind = field(tag);
            start = in.position();
            end = start + length;
            in.position(end);
        }
        if (kind == 0) {
            throw new WireException(MALFORMED, "a frame holds no message of protocol version " + PROTOCOL_VERSION);
        }
        in.position(start);
        in.limit(end);
        return kind;
    }
}
