package org.procpool.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.procpool.proto.FrameOutput;
import org.procpool.proto.Payload;
import org.procpool.proto.WireOutput;
import org.procpool.proto.WorkerResultFrame;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RingWriterTest {

    private static final RecorderOptions SMALL = new RecorderOptions(16, 4096);

    /** The socket and the supervisor at its other end: takes bytes over at once, or not at all. */
    private static class Peer implements WritableByteChannel {

        private final SupervisorPage page;
        private final Answers answers = new Answers(SMALL.ringBytes());
        private final Random random = new Random(1);
        private boolean reading = true;
        private long received;

        Peer(SupervisorPage page) {
            this.page = page;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            if (page.written() < received + source.remaining()) {
                throw new IOException("bytes reached the socket before they were published");
            }
            int count = 1 + random.nextInt(source.remaining());
            ByteBuffer piece = source.slice(source.position(), count);
            source.position(source.position() + count);
            received += count;
            if (reading) {
                answers.take(piece);
                page.publishParsed(answers.position());
            }
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    private static WorkerResultFrame result(long dispatch, int size, Random random) {
        byte[] payload = new byte[size];
        random.nextBytes(payload);
        // Both kinds of source that a payload can be.
        Payload value = random.nextBoolean()
                ? Payload.of(payload)
                : Payload.of(ByteBuffer.allocateDirect(size).put(payload).flip());
        return WorkerResultFrame.returned(dispatch, 1, false, value);
    }

    @Test
    void frames_of_every_kind_of_size_survive_the_end_of_the_ring_at_every_offset() throws Exception {
        Path file = Scratch.file();
        try (SupervisorPage page = SupervisorPage.create(file, SMALL)) {
            Peer peer = new Peer(page);
            RingWriter writer = WorkerPage.map(page.file()).writer(peer);
            Random random = new Random(7);
            List<WorkerResultFrame> sent = new ArrayList<>();
            BitSet starts = new BitSet();
            for (int offset = 0; offset < 4096; offset++) {
                for (int size : new int[] {0, 1, 130, 4080}) {
                    WorkerResultFrame result = result(sent.size() + 1, size, random);
                    int frameBytes = frameBytes(result);
                    long before = page.parsed();
                    starts.set((int) before % 4096);
                    if (size < 4080) {
                        // Left in the ring, and read from there.
                        result.write(writer);
                        writer.publish();
                        assertThat(page.parsed()).isEqualTo(before);
                        assertThat(page.written() - before).isEqualTo(frameBytes);
                        Answers copy = new Answers(4096);
                        copy.take(page.unparsed());
                        assertThat(copy.results()).containsExactly(result);
                    } else {
                        result.write(writer);
                    }
                    writer.flush();
                    sent.add(result);
                }
                fill(writer, peer, offset + 1, sent);
            }
            assertThat(peer.answers.results()).isEqualTo(sent);
            assertThat(starts.cardinality()).isEqualTo(4096);
            assertThat(peer.answers.wrapped()).isGreaterThan(4096);
        }
    }

    /** Moves on to where the next round starts, with frames that can be told from others. */
    private static void fill(RingWriter writer, Peer peer, int target, List<WorkerResultFrame> sent) {
        int left = Math.floorMod(target - (int) peer.answers.position(), 4096);
        left += left < 200 ? 4096 : 0;
        WorkerResultFrame probe = result(sent.size() + 1, left - 30, new Random(left));
        int size = left - 30 + left - frameBytes(probe);
        WorkerResultFrame filler = result(sent.size() + 1, size, new Random(left));
        filler.write(writer);
        writer.flush();
        sent.add(filler);
    }

    private static int frameBytes(WorkerResultFrame frame) {
        ByteCounter counter = new ByteCounter();
        frame.write(counter);
        return counter.count;
    }

    private static final class ByteCounter implements WireOutput {

        private int count;

        @Override
        public void writeByte(int value) {
            count++;
        }

        @Override
        public void writeBytes(byte[] bytes, int offset, int length) {
            count += length;
        }

        @Override
        public void writeBytes(ByteBuffer source) {
            count += source.remaining();
        }
    }

    @Test
    void a_frame_larger_than_the_ring_passes_in_pieces() throws Exception {
        Path file = Scratch.file();
        try (SupervisorPage page = SupervisorPage.create(file, SMALL)) {
            Peer peer = new Peer(page);
            RingWriter writer = WorkerPage.map(page.file()).writer(peer);
            WorkerResultFrame large = result(1, 1 << 20, new Random(3));
            WorkerResultFrame small = result(2, 5, new Random(3));

            large.write(writer);
            writer.publish();
            small.write(writer);
            writer.publish();

            peer.answers.take(page.corpse().unparsed());
            assertThat(peer.answers.results()).containsExactly(large, small);
        }
    }

    @Test
    void the_writer_waits_for_room_and_goes_on_when_there_is_some() throws Exception {
        Path file = Scratch.file();
        try (SupervisorPage page = SupervisorPage.create(file, SMALL)) {
            // The supervisor reads the ring only, on its own thread.
            RingWriter writer =
                    WorkerPage.map(page.file()).writer(Channels.newChannel(OutputStream.nullOutputStream()));
            WorkerResultFrame large = result(1, 20_000, new Random(3));
            Thread worker = new Thread(() -> {
                large.write(writer);
                writer.flush();
            });
            worker.start();

            Answers answers = new Answers(4096);
            while (answers.results().isEmpty()) {
                ByteBuffer bytes = page.unparsed();
                assertThat(bytes.remaining()).isLessThanOrEqualTo(4096);
                answers.take(bytes);
                page.publishParsed(answers.position());
                Thread.onSpinWait();
            }
            worker.join();
            assertThat(answers.results()).containsExactly(large);
        }
    }

    /** Dies when so many bytes are in the ring. */
    private record Mortal(FrameOutput output, int[] left) implements WireOutput {

        static final class Died extends RuntimeException {}

        @Override
        public void writeByte(int value) {
            if (left[0]-- == 0) {
                throw new Died();
            }
            output.writeByte(value);
        }

        @Override
        public void writeBytes(byte[] bytes, int offset, int length) {
            for (int i = 0; i < length; i++) {
                writeByte(bytes[offset + i]);
            }
        }

        @Override
        public void writeBytes(ByteBuffer source) {
            for (int i = source.position(); i < source.limit(); i++) {
                writeByte(source.get(i));
            }
        }
    }

    @Test
    void a_death_at_every_byte_leaves_exactly_the_frames_that_were_complete() throws Exception {
        Random random = new Random(11);
        List<WorkerResultFrame> frames = new ArrayList<>();
        int total = 0;
        for (int size : new int[] {0, 700, 1, 2_000, 120, 1_500, 3_000, 0, 90}) {
            frames.add(result(frames.size() + 1, size, random));
            total += frameBytes(frames.get(frames.size() - 1));
        }
        for (int died = 0; died <= total; died++) {
            Path file = Scratch.file();
            try (SupervisorPage page = SupervisorPage.create(file, SMALL)) {
                Peer peer = new Peer(page);
                RingWriter writer = WorkerPage.map(page.file()).writer(peer);
                Mortal mortal = new Mortal(writer, new int[] {died});
                int complete = 0;
                try {
                    for (WorkerResultFrame frame : frames) {
                        frame.write(mortal);
                        writer.publish();
                        complete++;
                        peer.reading = complete < 4 || complete > 6;
                        if (complete % 3 == 0) {
                            writer.flush();
                            peer.answers.take(page.unparsed());
                            page.publishParsed(peer.answers.position());
                        }
                    }
                } catch (Mortal.Died e) {
                    assertThat(complete).isLessThan(frames.size());
                }
                peer.answers.take(page.corpse().unparsed());
                assertThat(peer.answers.results()).isEqualTo(frames.subList(0, complete));
            }
        }
    }

    @Test
    void a_lost_socket_is_an_exception_and_the_answers_stay_in_the_ring() throws Exception {
        Path file = Scratch.file();
        try (SupervisorPage page = SupervisorPage.create(file, SMALL)) {
            Peer broken = new Peer(page) {
                @Override
                public int write(ByteBuffer source) throws IOException {
                    throw new IOException("Broken pipe");
                }
            };
            RingWriter writer = WorkerPage.map(page.file()).writer(broken);
            WorkerResultFrame result = result(1, 50, new Random(1));
            result.write(writer);

            assertThatThrownBy(writer::flush).isInstanceOf(UncheckedIOException.class);

            Answers answers = new Answers(4096);
            answers.take(page.corpse().unparsed());
            assertThat(answers.results()).containsExactly(result);
        }
    }
}
