package org.procpool.proto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against protobuf's own coder, at all edges of all sizes and at random. */
class VarintTest {

    private static final int RANDOM_VALUES = 100_000;

    @Test
    void every_edge_is_written_and_read_as_protobuf_does() throws IOException {
        for (int bits = 0; bits < Long.SIZE; bits++) {
            for (long value : new long[] {(1L << bits) - 1, 1L << bits, (1L << bits) + 1, -(1L << bits)}) {
                agrees(value);
            }
        }
    }

    @Test
    void random_values_of_all_sizes_are_written_and_read_as_protobuf_does() throws IOException {
        Random random = new Random(1);
        for (int i = 0; i < RANDOM_VALUES; i++) {
            agrees(random.nextLong() >>> random.nextInt(Long.SIZE));
        }
    }

    private static void agrees(long value) throws IOException {
        byte[] theirs = new byte[CodedOutputStream.computeUInt64SizeNoTag(value)];
        CodedOutputStream.newInstance(theirs).writeUInt64NoTag(value);
        byte[] ours = new byte[Varint.ROOM_BYTES + 1];
        int end = Varint.put(ours, 1, value);

        assertThat(Varint.size(value)).isEqualTo(theirs.length);
        assertThat(Arrays.copyOfRange(ours, 1, end)).isEqualTo(theirs);
        ByteBuffer buffer = ByteBuffer.allocateDirect(ours.length);
        assertThat(Varint.put(buffer, 1, value)).isEqualTo(end);
        assertThat(buffer.slice(1, theirs.length)).isEqualTo(ByteBuffer.wrap(theirs));
        assertThat(Wire.readVarint(new ByteBufferInput(buffer.limit(end).position(1))))
                .isEqualTo(value);
        assertThat(Wire.readVarint(new ByteBufferInput(buffer.limit(ours.length).position(1))))
                .isEqualTo(value);

        // Noise behind it means nothing.
        Arrays.fill(ours, end, ours.length, (byte) value);
        long word = ByteBuffer.wrap(ours).order(ByteOrder.LITTLE_ENDIAN).getLong(1);
        if (theirs.length > Long.BYTES) {
            assertThat(Varint.sizeIn(word)).isZero();
            assertThat(Varint.get(word)).isEqualTo(value & (1L << 56) - 1);
        } else {
            assertThat(Varint.sizeIn(word)).isEqualTo(theirs.length);
            assertThat(Varint.get(word))
                    .isEqualTo(CodedInputStream.newInstance(theirs).readUInt64());
        }
    }
}
