package org.procpool.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procpool.proto.ByteBufferOutput;
import org.procpool.proto.ServerPongFrame;
import org.procpool.proto.WireOutput;

class FrameSenderTest {

    private static final int PEERS = 2_000;
    private static final int BYTES_A_PEER_MAX = 4 * 1024;

    private static byte[] sent(EmbeddedChannel channel) {
        ByteBufferOutput all = new ByteBufferOutput(false, 256, Integer.MAX_VALUE);
        ByteBuf part = channel.readOutbound();
        while (part != null) {
            all.writeBytes(part.nioBuffer());
            part.release();
            part = channel.readOutbound();
        }
        return bytes(all);
    }

    private static byte[] bytes(ByteBufferOutput output) {
        byte[] bytes = new byte[output.size()];
        output.content().get(bytes);
        return bytes;
    }

    /** Some bytes, numbers and texts, whose sizes come from the seed. */
    private static void write(WireOutput output, long seed) {
        Random random = new Random(seed);
        int parts = random.nextInt(60);
        for (int i = 0; i < parts; i++) {
            byte[] bytes = new byte[random.nextInt(1 << random.nextInt(16))];
            random.nextBytes(bytes);
            output.writeByte(i);
            output.writeVarintField(8, random.nextLong());
            output.writeStringField(18, "name" + random.nextInt(3));
            output.writeBytes(bytes, 0, bytes.length);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void sends_what_was_written_whatever_the_sizes(long seed) {
        Turn turn = new Turn();
        EmbeddedChannel channel = new EmbeddedChannel();
        FrameSender sender = new FrameSender(channel, turn);
        ByteBufferOutput expected = new ByteBufferOutput(false, 256, Integer.MAX_VALUE);
        for (long part = 0; part < 5; part++) {
            assertThat(sender.begin()).isTrue();
            write(sender, 100 * seed + part);
            write(expected, 100 * seed + part);
            if (part % 2 == seed % 2) {
                turn.flush();
            }
        }
        turn.flush();
        assertThat(sent(channel)).isEqualTo(bytes(expected));
        assertThat(sender.unsentBytes()).isZero();
        channel.close();
    }

    @Test
    void takes_little_memory_for_a_frame_to_each_of_many_peers_in_one_turn() {
        Turn turn = new Turn();
        List<FrameSender> senders = new ArrayList<>();
        List<EmbeddedChannel> channels = new ArrayList<>();
        for (int i = 0; i < PEERS; i++) {
            EmbeddedChannel channel = new EmbeddedChannel();
            channels.add(channel);
            senders.add(new FrameSender(channel, turn));
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        senders.forEach(sender -> sender.send(new ServerPongFrame(7)));
        turn.flush();
        long each = (threads.getCurrentThreadAllocatedBytes() - before) / PEERS;
        assertThat(each).isLessThan(BYTES_A_PEER_MAX);
        channels.forEach(channel -> assertThat(sent(channel)).isNotEmpty());
        channels.forEach(EmbeddedChannel::close);
    }
}
