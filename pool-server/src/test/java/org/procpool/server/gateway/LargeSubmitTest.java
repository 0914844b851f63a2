package org.procpool.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procpool.link.ArrayInput;
import org.procpool.proto.ByteBufferOutput;
import org.procpool.proto.NameCache;
import org.procpool.proto.Payload;
import org.procpool.proto.SubmitFrame;
import org.procpool.proto.Wire;
import org.procpool.spool.Spool;
import org.procpool.spool.SpoolOptions;

class LargeSubmitTest implements LargeSubmit.Receiver {

    private static final int SIZE = 64 * 1024;

    @TempDir
    private Path directory;

    private Spool spool;
    private @Nullable SubmitFrame submitted;
    private Payload payload = Payload.EMPTY;

    @BeforeEach
    void open() throws Exception {
        spool = Spool.create(new SpoolOptions(SIZE, 1 << 20), directory.resolve("memory"), directory.resolve("disk"));
    }

    @AfterEach
    void everything_is_given_back() throws Exception {
        payload.release();
        spool.close();
        try (Stream<Path> left = Files.walk(directory)) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
        assertThat(spool.memoryBytes()).isZero();
    }

    @Override
    public void submit(SubmitFrame head, Payload whole) {
        submitted = head;
        payload = whole;
    }

    @Override
    public void refuse(SubmitFrame head, String why) {
        throw new AssertionError(why);
    }

    @Override
    public void pauseReading(boolean waits) {
        throw new AssertionError("memory does not wait");
    }

    @Override
    public void onLoop(Runnable work) {
        work.run();
    }

    /** The frame without its length. */
    private static byte[] message(int size, byte... behind) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) 'x');
        return message(new SubmitFrame(7, "échô", 9, 1, 2, 3, true, Payload.of(bytes)), behind);
    }

    private static byte[] message(SubmitFrame frame, byte... behind) {
        ByteBufferOutput out = new ByteBufferOutput(false, 1024, 1024);
        out.writeVarint(Wire.tag(SubmitFrame.KIND, Wire.BYTES));
        out.writeVarint(frame.bodySize() + behind.length);
        frame.writeBody(out);
        out.writeBytes(behind, 0, behind.length);
        ByteBuffer content = out.content();
        byte[] message = new byte[content.remaining()];
        content.get(message);
        return message;
    }

    private @Nullable LargeSubmit begin(byte[] message, ByteBuf come) {
        return LargeSubmit.begin(
                new ArrayInput(message, come.writerIndex()), message.length, new NameCache(), spool, this);
    }

    @Test
    void submission_is_taken_up_wherever_it_is_cut_and_comes_out_whole() {
        byte[] message = message(SIZE);
        int headBytes = message.length - SIZE;
        for (int cut = 0; cut < headBytes; cut++) {
            ByteBuf come = Unpooled.wrappedBuffer(message, 0, cut);
            assertThat(begin(message, come)).as("cut at %d", cut).isNull();
        }
        ByteBuf come = Unpooled.wrappedBuffer(message);
        LargeSubmit large = begin(message, come.writerIndex(headBytes));
        assertThat(large).isNotNull();
        come.readerIndex(headBytes).writerIndex(headBytes + 1);
        assertThat(large.take(come)).isFalse();
        come.writerIndex(message.length);
        assertThat(large.take(come)).isTrue();

        assertThat(submitted).isEqualTo(new SubmitFrame(7, "échô", 9, 1, 2, 3, true, Payload.EMPTY));
        assertThat(payload.text()).isEqualTo("x".repeat(SIZE));
        assertThat(payload.file()).isNotNull();
    }

    /** From its head, the bytes that say where they are to lie put there. */
    private void take(byte[] message) {
        int headBytes = message.length - SIZE;
        LargeSubmit large = begin(message, Unpooled.wrappedBuffer(message, 0, headBytes + 1));
        assertThat(large).isNotNull();
        int taken = headBytes;
        while (taken < message.length) {
            ByteBuf place = large.place();
            int length = place == null ? 1_000 : Math.min(20_000, place.writableBytes());
            length = Math.min(length, message.length - taken);
            ByteBuf next = place == null ? Unpooled.buffer(length) : place;
            next.writeBytes(message, taken, length);
            taken += length;
            assertThat(large.take(next)).isEqualTo(taken == message.length);
        }
    }

    @Test
    void payload_of_a_task_that_runs_once_is_read_to_where_another_was() {
        byte[] bytes = new byte[SIZE];
        Path path = null;
        for (int attempts = 0; attempts <= 1; attempts++) {
            Arrays.fill(bytes, (byte) attempts);
            take(message(new SubmitFrame(1, "echo", 4, 0, 0, attempts, false, Payload.of(bytes.clone()))));
            assertThat(payload.bytes()).isEqualTo(bytes);
            assertThat(path == null || path.equals(payload.file().path())).isTrue();
            path = payload.file().path();
            payload.file().free();
            payload.release();
        }
        take(message(new SubmitFrame(1, "echo", 4, 0, 0, 2, false, Payload.of(bytes.clone()))));
        assertThat(payload.file().room()).isZero();
        payload.release();
        take(message(new SubmitFrame(1, "echo", 4, 0, 0, -1, false, Payload.of(bytes.clone()))));
        assertThat(payload.file().room()).isZero();
        payload.release();
        payload = Payload.EMPTY;
    }

    @Test
    void what_is_small_or_has_something_behind_its_payload_is_left_to_be_taken_whole() {
        byte[] small = message(SIZE - 1);
        assertThat(begin(small, Unpooled.wrappedBuffer(small))).isNull();
        byte[] more = message(SIZE, (byte) (1 << 3), (byte) 8);
        assertThat(begin(more, Unpooled.wrappedBuffer(more))).isNull();
    }

    @Test
    void one_that_does_not_come_to_its_end_leaves_nothing() {
        byte[] message = message(SIZE);
        ByteBuf come = Unpooled.wrappedBuffer(message, 0, message.length - 1);
        LargeSubmit large = begin(message, come);
        assertThat(large).isNotNull();
        come.readerIndex(message.length - SIZE);
        assertThat(large.take(come)).isFalse();
        large.abandon();
    }
}
