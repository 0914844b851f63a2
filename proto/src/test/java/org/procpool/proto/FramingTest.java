package org.procpool.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.procpool.proto.WireException.Reason.FRAME_TOO_LARGE;
import static org.procpool.proto.WireException.Reason.MALFORMED;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The length prefix: split anywhere, at the edges of its sizes, over the limit. */
class FramingTest {

    @ParameterizedTest
    @EnumSource
    void waits_for_the_rest_when_a_frame_is_split_at_any_byte(Direction direction) {
        for (int seed = 0; seed < 60; seed++) {
            for (Frame frame : new RandomFrames(seed).every(direction)) {
                byte[] whole = Bytes.ofFrame(frame);
                for (int split = 0; split <= whole.length; split++) {
                    assertReadsInTwoParts(direction, frame, whole, split);
                }
            }
        }
    }

    private static void assertReadsInTwoParts(Direction direction, Frame frame, byte[] whole, int split) {
        ByteBuffer received =
                ByteBuffer.allocate(whole.length).put(whole, 0, split).flip();
        ByteBufferInput in = new ByteBufferInput(received);
        int length = Wire.frameLength(in, whole.length);
        if (length == Wire.INCOMPLETE) {
            assertThat(in.position()).as("position stays when incomplete").isZero();
        }
        boolean complete = length != Wire.INCOMPLETE && length <= in.remaining();
        assertThat(complete).as("split at %d of %d", split, whole.length).isEqualTo(split == whole.length);

        in.wrap(ByteBuffer.wrap(whole));
        length = Wire.frameLength(in, whole.length);
        assertThat(length).isEqualTo(in.remaining());
        Frame read = direction.read(Arrays.copyOfRange(whole, in.position(), whole.length));
        assertThat(Generated.of(direction, read)).isEqualTo(Generated.of(direction, frame));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0,
                1,
                126,
                127,
                128,
                129,
                16_382,
                16_383,
                16_384,
                16_385,
                (1 << 21) - 1,
                1 << 21,
                (1 << 21) + 1,
                (1 << 28) - 1,
                1 << 28,
                (1 << 28) + 1,
                Integer.MAX_VALUE
            })
    void reads_the_prefix_when_the_length_is_at_an_edge(int length) {
        ByteBufferOutput out = new ByteBufferOutput(false, 8, 8);
        out.writeVarint(length);
        byte[] prefix = Bytes.array(out);
        for (int split = 0; split < prefix.length; split++) {
            assertThat(frameLength(Arrays.copyOf(prefix, split), Integer.MAX_VALUE))
                    .isEqualTo(Wire.INCOMPLETE);
        }
        assertThat(frameLength(prefix, Integer.MAX_VALUE)).isEqualTo(length);
        assertThat(frameLength(prefix, length)).isEqualTo(length);
        if (length > 0) {
            assertThat(refused(prefix, length - 1).reason()).isEqualTo(FRAME_TOO_LARGE);
        }
    }

    @Test
    void reads_a_prefix_that_is_longer_than_it_need_be() {
        assertThat(frameLength(new byte[] {(byte) 0x85, 0}, 100)).isEqualTo(5);
        assertThat(frameLength(new byte[] {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0}, 100))
                .isZero();
    }

    @Test
    void refuses_a_prefix_of_more_than_five_bytes() {
        byte[] endless = new byte[6];
        Arrays.fill(endless, (byte) 0x80);
        assertThat(refused(endless, 100).reason()).isEqualTo(MALFORMED);
        assertThat(refused(Arrays.copyOf(endless, 5), 100).reason()).isEqualTo(MALFORMED);
        assertThat(frameLength(Arrays.copyOf(endless, 4), 100)).isEqualTo(Wire.INCOMPLETE);
    }

    @Test
    void refuses_a_length_over_the_limit_as_soon_as_its_bytes_show_it() {
        // 0x80 0x40 is 8192; the limit is known to be passed before the prefix ends.
        assertThat(refused(new byte[] {(byte) 0x80, (byte) 0xC0}, 8_191).reason())
                .isEqualTo(FRAME_TOO_LARGE);
        byte[] most = {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F};
        WireException over = refused(most, Integer.MAX_VALUE);
        assertThat(over.reason()).isEqualTo(FRAME_TOO_LARGE);
        assertThat(over).hasMessageContaining(String.valueOf(Integer.MAX_VALUE));
    }

    private static int frameLength(byte[] bytes, int lengthMax) {
        return Wire.frameLength(new ByteBufferInput(ByteBuffer.wrap(bytes)), lengthMax);
    }

    private static WireException refused(byte[] bytes, int lengthMax) {
        ByteBufferInput in = new ByteBufferInput(ByteBuffer.wrap(bytes));
        WireException refusal = catchThrowableOfType(WireException.class, () -> Wire.frameLength(in, lengthMax));
        assertThat(refusal).isNotNull();
        assertThat(in.position()).isZero();
        return refusal;
    }
}
