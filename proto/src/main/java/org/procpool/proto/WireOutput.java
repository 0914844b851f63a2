package org.procpool.proto;

import java.nio.ByteBuffer;

/** A buffer that grows as frames are appended to it. Not thread-safe. */
public interface WireOutput {

    void writeByte(int value);

    void writeBytes(byte[] bytes, int offset, int length);

    /** Appends the remaining bytes without moving the source's position. */
    void writeBytes(ByteBuffer source);

    /** Appends the bytes of a file. */
    default void writeFile(SpoolFile file) {
        writeBytes(file.map());
    }
}
