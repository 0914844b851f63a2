package org.procpool.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.procpool.proto.ByteBufferOutput;
import org.procpool.proto.NameCache;
import org.procpool.proto.Payload;
import org.procpool.proto.TaskFrame;
import org.procpool.proto.WireException;

class FrameHandlerTest {

    private static final int FRAME_BYTES_MAX = 100_000;

    /** Notes down what it gets. */
    private static final class Recorder extends FrameHandler {

        final List<TaskFrame> frames = new ArrayList<>();
        final List<WireException> errors = new ArrayList<>();

        Recorder() {
            super(new Turn());
        }

        @Override
        protected int frameBytesMax() {
            return FRAME_BYTES_MAX;
        }

        @Override
        protected int kindMax() {
            return 10;
        }

        @Override
        protected void frame(ArrayInput in, int kind) {
            assertThat(kind).isEqualTo(TaskFrame.KIND);
            frames.add(TaskFrame.read(in, new NameCache()));
        }

        @Override
        protected void malformed(WireException e) {
            errors.add(e);
        }

        @Override
        protected void readComplete() {}

        boolean waitsForMore() {
            return frameIncomplete();
        }
    }

    private static byte[] bytes(TaskFrame... frames) {
        ByteBufferOutput out = new ByteBufferOutput(false, 64, 1 << 20);
        for (TaskFrame frame : frames) {
            frame.write(out);
        }
        byte[] bytes = new byte[out.size()];
        out.content().get(bytes);
        return bytes;
    }

    private static TaskFrame task(long dispatch, int payloadBytes) {
        byte[] payload = new byte[payloadBytes];
        payload[payloadBytes - 1] = (byte) dispatch;
        return new TaskFrame(dispatch, 7, 1, "echo", 0, Payload.of(payload));
    }

    @Test
    void frames_arrive_whole_when_split_at_every_byte() {
        TaskFrame[] sent = {task(1, 1), task(2, 300), task(3, 20)};
        byte[] bytes = bytes(sent);
        for (int split = 0; split <= bytes.length; split++) {
            Recorder recorder = new Recorder();
            EmbeddedChannel channel = new EmbeddedChannel(recorder);
            channel.writeInbound(Unpooled.copiedBuffer(bytes, 0, split));
            channel.writeInbound(Unpooled.copiedBuffer(bytes, split, bytes.length - split));
            assertThat(recorder.frames).as("split at %d", split).containsExactly(sent);
            assertThat(recorder.waitsForMore()).isFalse();
            channel.finishAndReleaseAll();
        }
    }

    @Test
    void frames_arrive_whole_byte_by_byte() {
        TaskFrame[] sent = {task(1, 5000), task(2, 3)};
        Recorder recorder = new Recorder();
        EmbeddedChannel channel = new EmbeddedChannel(recorder);
        for (byte b : bytes(sent)) {
            channel.writeInbound(Unpooled.copiedBuffer(new byte[] {b}));
        }
        assertThat(recorder.frames).containsExactly(sent);
        channel.finishAndReleaseAll();
    }

    @Test
    void announced_length_over_the_limit_is_refused_before_anything_is_kept() {
        Recorder recorder = new Recorder();
        EmbeddedChannel channel = new EmbeddedChannel(recorder);
        channel.writeInbound(Unpooled.copiedBuffer(new byte[] {-1, -1, -1, -1, 7}));
        assertThat(recorder.errors).hasSize(1);
        assertThat(recorder.errors.get(0).reason()).isEqualTo(WireException.Reason.FRAME_TOO_LARGE);
        channel.writeInbound(Unpooled.copiedBuffer(bytes(task(1, 1))));
        assertThat(recorder.frames).isEmpty();
        channel.finishAndReleaseAll();
    }

    @Test
    void large_receive_buffer_is_not_held_for_a_few_bytes() {
        Recorder recorder = new Recorder();
        EmbeddedChannel channel = new EmbeddedChannel(recorder);
        ByteBuf received = Unpooled.buffer(64 * 1024).writeBytes(bytes(task(1, 200)), 0, 10);
        channel.writeInbound(received);
        assertThat(received.refCnt()).isZero();
        assertThat(recorder.waitsForMore()).isTrue();
        channel.finishAndReleaseAll();
    }
}
