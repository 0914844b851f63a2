package org.procpool.proto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The hand-written codec against the generated classes, which are the judge. */
class CodecTest {

    private static final int ROUNDS = 3_000;

    @ParameterizedTest
    @EnumSource
    void writes_the_bytes_that_the_generated_class_writes(Direction direction) throws IOException {
        for (int seed = 0; seed < ROUNDS; seed++) {
            for (Frame frame : new RandomFrames(seed).every(direction)) {
                Message message = Generated.of(direction, frame);
                ByteArrayOutputStream expected = new ByteArrayOutputStream();
                message.writeDelimitedTo(expected);
                assertThat(Bytes.ofFrame(frame)).as("seed %d: %s", seed, frame).containsExactly(expected.toByteArray());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void reads_the_values_that_the_generated_class_reads(Direction direction) {
        for (int seed = 0; seed < ROUNDS; seed++) {
            for (Frame frame : new RandomFrames(seed).every(direction)) {
                Message message = Generated.of(direction, frame);
                Frame read = direction.read(message.toByteArray());
                assertThat(read).as("seed %d", seed).hasSameClassAs(frame);
                assertThat(Generated.of(direction, read))
                        .as("seed %d: %s", seed, frame)
                        .isEqualTo(message);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void announces_the_size_that_it_writes(Direction direction) {
        for (int seed = 0; seed < ROUNDS; seed++) {
            for (Frame frame : new RandomFrames(seed).every(direction)) {
                ByteBufferOutput out = new ByteBufferOutput(true, 1, 64);
                frame.writeBody(out);
                assertThat(frame.bodySize()).as("seed %d: %s", seed, frame).isEqualTo(out.size());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void writes_varints_of_the_size_that_protobuf_computes(Direction direction) {
        RandomFrames random = new RandomFrames(direction.ordinal());
        for (int round = 0; round < ROUNDS; round++) {
            long value = random.uint64();
            assertThat(Varint.size(value)).isEqualTo(CodedOutputStream.computeUInt64SizeNoTag(value));
        }
    }
}
