package org.procpool.proto;

import java.nio.ByteBuffer;

/** A buffer that grows as frames are appended to it. Not thread-safe. */
public interface WireOutput {

    void writeByte(int value);

    /** Appends the value in groups of seven bits, the lowest first: 1 to 10 bytes. */
    default void writeVarint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            writeByte((int) rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        writeByte((int) rest);
    }

    /** Appends both numbers: the tag of a field, and its value or length. */
    default void writeVarintField(int tag, long value) {
        writeVarint(tag);
        writeVarint(value);
    }

    /** Appends a field with a text; one that is empty, too. */
    default void writeStringField(int tag, String text) {
        byte[] bytes = Wire.utf8(text);
        writeVarintField(tag, bytes.length);
        writeBytes(bytes, 0, bytes.length);
    }

    void writeBytes(byte[] bytes, int offset, int length);

    /** Appends the remaining bytes without moving the source's position. */
    void writeBytes(ByteBuffer source);

    /** Appends the bytes of a file. */
    default void writeFile(SpoolFile file) {
        writeBytes(file.view());
    }
}
