package org.procpool.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.procpool.proto.WireException.Reason.MALFORMED;
import static org.procpool.proto.WireException.Reason.TRUNCATED;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Bytes from a peer that nobody trusts. The readers may answer with a message or a {@link WireException}, and they
 * accept what the generated parser accepts, but for these deliberate differences:
 *
 * <ul>
 *   <li>groups are refused; protobuf gave them up before proto3 and skips them still
 *   <li>a frame with no known message, or with two, is refused; the generated parser takes none, merges or takes the
 *   last <li>tags and lengths above 32 bits are refused; the generated parser drops the upper bits
 *   <li>the content of Ready, Drain and Dump is not looked at
 *   <li>of a varint's tenth byte the lowest bit is the number's highest, as the format says; protobuf-java does not
 *   look
 *       at that byte and takes the bit as set
 * </ul>
 */
class HostileBytesTest {

    private static final int ROUNDS = 1_500;
    private static final HexFormat HEX = HexFormat.of();
    private static final Pattern ANNOUNCED = Pattern.compile("a field announces (\\d+) bytes.*");

    @ParameterizedTest
    @EnumSource
    void agrees_with_the_generated_parser_when_bytes_are_mutated(Direction direction) {
        for (int seed = 0; seed < ROUNDS; seed++) {
            RandomFrames random = new RandomFrames(seed);
            for (Frame frame : random.every(direction)) {
                byte[] bytes = Bytes.ofMessage(frame);
                for (int round = 0; round < 4; round++) {
                    bytes = mutate(bytes, random);
                    assertAgrees(direction, bytes, seed);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void agrees_with_the_generated_parser_when_a_message_is_cut_anywhere(Direction direction) {
        for (int seed = 0; seed < 40; seed++) {
            for (Frame frame : new RandomFrames(seed).every(direction)) {
                byte[] bytes = Bytes.ofMessage(frame);
                for (int length = 0; length < bytes.length; length++) {
                    assertAgrees(direction, Arrays.copyOf(bytes, length), seed);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void agrees_with_the_generated_parser_on_garbage(Direction direction) {
        RandomFrames random = new RandomFrames(direction.ordinal());
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            for (int round = 0; round < 20 * ROUNDS; round++) {
                byte[] body = random.bytes();
                assertAgrees(direction, body, round);
                byte[] head = {(byte) (1 + random.below(9) << 3 | Wire.BYTES), (byte) Math.min(body.length, 127)};
                assertAgrees(direction, Bytes.join(head, body), round);
            }
        });
    }

    private static byte[] mutate(byte[] bytes, RandomFrames random) {
        byte[] changed = bytes.clone();
        if (changed.length == 0) {
            return random.bytes();
        }
        int place = random.below(changed.length);
        switch (random.below(5)) {
            case 0 -> changed[place] ^= (byte) (1 << random.below(Byte.SIZE));
            case 1 -> changed[place] = (byte) random.below(256);
            case 2 -> changed = Arrays.copyOf(changed, place);
            case 3 -> changed = Bytes.join(Arrays.copyOf(changed, place), random.bytes(), tail(changed, place));
            default -> changed = Bytes.join(changed, tail(changed, place));
        }
        return changed;
    }

    private static byte[] tail(byte[] bytes, int from) {
        return Arrays.copyOfRange(bytes, from, bytes.length);
    }

    private static void assertAgrees(Direction direction, byte[] bytes, int seed) {
        Message parsed = null;
        try {
            parsed = direction.parse(bytes);
        } catch (InvalidProtocolBufferException refused) {
            assertThat(refused).isNotNull();
        }
        Frame read;
        try {
            read = direction.read(bytes);
        } catch (WireException refused) {
            assertThat(parsed == null || isDeliberate(refused.getMessage()))
                    .as("seed %d: %s refused (%s), parsed as %s", seed, HEX.formatHex(bytes), refused, parsed)
                    .isTrue();
            return;
        }
        assertSameValues(direction, bytes, read, parsed);
    }

    private static void assertSameValues(Direction direction, byte[] bytes, Frame read, @Nullable Message parsed) {
        if (read instanceof EmptyFrame || hasTenthByteWithoutValue(bytes)) {
            return;
        }
        assertThat(parsed).as("%s read as %s", HEX.formatHex(bytes), read).isNotNull();
        assertThat(Generated.of(direction, read))
                .as("%s read as %s", HEX.formatHex(bytes), read)
                .isEqualTo(Generated.known(parsed));
    }

    private static boolean hasTenthByteWithoutValue(byte[] bytes) {
        int continued = 0;
        for (byte b : bytes) {
            if (continued >= 9 && b >= 0 && (b & 1) == 0) {
                return true;
            }
            continued = b < 0 ? continued + 1 : 0;
        }
        return false;
    }

    private static boolean isDeliberate(String message) {
        Matcher announced = ANNOUNCED.matcher(message);
        if (announced.matches()) {
            return Long.parseUnsignedLong(announced.group(1)) >>> Integer.SIZE != 0;
        }
        return message.contains("has the wire type 3")
                || message.contains("holds no message")
                || message.contains("more than one message")
                || message.contains("impossible tag");
    }

    @ParameterizedTest
    @EnumSource
    void skips_unknown_fields_of_every_wire_type(Direction direction) throws IOException {
        byte[] unknown = UnknownFieldSet.newBuilder()
                .addField(
                        1_000,
                        UnknownFieldSet.Field.newBuilder()
                                .addVarint(-1)
                                .addFixed32(-1)
                                .addFixed64(-1)
                                .addLengthDelimited(com.google.protobuf.ByteString.copyFromUtf8("later"))
                                .build())
                .build()
                .toByteArray();
        for (Frame frame : new RandomFrames(1).every(direction)) {
            ByteBufferOutput body = new ByteBufferOutput(false, 16, 1 << 20);
            frame.writeBody(body);
            byte[] longer = Bytes.join(unknown, Bytes.array(body), unknown);
            ByteArrayOutputStream message = new ByteArrayOutputStream();
            message.write(unknown);
            message.write(frame.kind() << 3 | Wire.BYTES);
            ByteBufferOutput length = new ByteBufferOutput(false, 16, 16);
            length.writeVarint(longer.length);
            message.write(Bytes.array(length));
            message.write(longer);
            message.write(unknown);
            Frame read = direction.read(message.toByteArray());
            assertThat(Generated.of(direction, read)).isEqualTo(Generated.of(direction, frame));
        }
    }

    @Test
    void skips_a_known_field_that_comes_with_another_wire_type() {
        // Ping.nonce as fixed64 instead of varint.
        byte[] ping = HEX.parseHex("2a09" + "09" + "0102030405060708");
        assertThat(Direction.CLIENT.read(ping)).isEqualTo(new ClientPingFrame(0));
    }

    @Test
    void refuses_groups() {
        byte[] group = HEX.parseHex("2a02" + "1b1c");
        assertThatThrownBy(() -> Direction.CLIENT.read(group))
                .isInstanceOfSatisfying(
                        WireException.class, e -> assertThat(e.reason()).isEqualTo(MALFORMED));
    }

    @Test
    void refuses_a_frame_without_a_message_and_one_with_two() {
        byte[] ping = Bytes.ofMessage(new ClientPingFrame(7));
        for (byte[] bytes : new byte[][] {{}, HEX.parseHex("7a00"), Bytes.join(ping, ping)}) {
            assertThatThrownBy(() -> Direction.CLIENT.read(bytes))
                    .isInstanceOfSatisfying(
                            WireException.class, e -> assertThat(e.reason()).isEqualTo(MALFORMED));
        }
    }

    @Test
    void allocates_nothing_for_an_announced_length_that_is_not_there() {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        // A Submit whose payload, then whose task name, announces 256 MiB - 1 in a message of 7 bytes.
        for (String field : new String[] {"7a", "12"}) {
            byte[] bytes = HEX.parseHex("1205" + field + "ffffff7f");
            long before = threads.getCurrentThreadAllocatedBytes();
            assertThatThrownBy(() -> Direction.CLIENT.read(bytes))
                    .isInstanceOfSatisfying(
                            WireException.class, e -> assertThat(e.reason()).isEqualTo(TRUNCATED));
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(8 << 20);
        }
    }

    @Test
    void allocates_in_proportion_to_the_input_when_it_is_garbage() {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        RandomFrames random = new RandomFrames(3);
        long input = 0;
        long allocated = 0;
        for (int round = 0; round < 20_000; round++) {
            for (Direction direction : Direction.values()) {
                byte[] bytes = random.bytes();
                long before = threads.getCurrentThreadAllocatedBytes();
                try {
                    direction.read(bytes);
                } catch (WireException refused) {
                    assertThat(refused.reason()).isNotNull();
                }
                allocated += threads.getCurrentThreadAllocatedBytes() - before;
                input += bytes.length + 64;
            }
        }
        assertThat(allocated).isLessThan(100 * input);
    }
}
