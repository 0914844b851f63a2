package org.procpool.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procpool.proto.Payload;
import org.procpool.proto.SpoolFile;

class SpoolTest {

    private static final int FROM = 64 * 1024;
    private static final int MEMORY_BYTES = 4 << 20;
    private static final int PIECE = 10_007;

    @TempDir
    private Path directory;

    private Spool spool;

    @BeforeEach
    void open() throws IOException {
        spool = Spool.create(
                new SpoolOptions(FROM, MEMORY_BYTES), directory.resolve("memory"), directory.resolve("disk"));
    }

    @AfterEach
    void nothing_is_left() throws IOException {
        spool.close();
        assertThat(files()).isEmpty();
        assertThat(spool.memoryBytes()).isZero();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private String[] memoryFiles() {
        return Objects.requireNonNull(directory.resolve("memory/spool").toFile().list());
    }

    private static byte[] random(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** As a socket brings it: in pieces, read to where they are to lie if somebody says where. */
    private SpoolFile received(byte[] bytes) throws IOException {
        Incoming incoming = spool.receiveInSlab(bytes.length);
        int sent = 0;
        while (sent < bytes.length) {
            ByteBuf place = incoming.place();
            int length = Math.min(bytes.length - sent, PIECE);
            if (place == null) {
                place = Unpooled.buffer(length);
            } else {
                assertThat(place.writableBytes()).isLessThanOrEqualTo(bytes.length - sent);
                length = Math.min(length, place.writableBytes());
            }
            place.writeBytes(bytes, sent, length);
            assertThat(incoming.write(place, length, () -> {})).isTrue();
            sent += length;
        }
        return Objects.requireNonNull(incoming.end().file());
    }

    private void assertHas(SpoolFile file, byte[] expected) {
        Payload payload = Payload.of(file);
        assertThat(payload.size()).isEqualTo(expected.length);
        assertThat(payload.bytes()).isEqualTo(expected);
    }

    @Test
    void a_file_that_is_free_gets_the_next_payload_of_about_its_size_and_shows_that_one_only() throws IOException {
        int[] sizes = {300_000, 320_000, 262_145, 300_001, 327_680, 262_145};
        Path path = null;
        for (int i = 0; i < sizes.length; i++) {
            byte[] bytes = random(sizes[i], i);
            SpoolFile file = received(bytes);
            assertThat(path == null || path.equals(file.path())).isTrue();
            path = file.path();
            assertHas(file, bytes);
            assertThat(file.room()).isBetween(sizes[i], 327_680);
            assertThat(spool.memoryBytes()).isEqualTo(327_680);
            file.free();
            file.release();
            assertThat(spool.memoryBytes()).isZero();
        }
        SpoolFile other = received(random(262_144, 7));
        assertThat(other.path()).isNotEqualTo(path);
        other.release();
    }

    @Test
    void a_file_of_which_nobody_says_that_it_is_free_is_thrown_away() throws IOException {
        SpoolFile first = received(random(FROM, 1));
        first.lend();
        first.release();
        SpoolFile second = received(random(FROM, 2));
        assertThat(second.path()).isNotEqualTo(first.path());
        second.free();
        // Another run of its task, which does not come to an end.
        second.lend();
        second.release();
        SpoolFile third = received(random(FROM, 3));
        assertThat(third.path()).isNotIn(first.path(), second.path());
        third.release();
    }

    @Test
    void a_payload_that_does_not_come_to_its_end_leaves_nothing_even_in_a_file_that_had_others() throws IOException {
        SpoolFile before = received(random(FROM, 1));
        before.free();
        before.release();
        Incoming half = spool.receiveInSlab(FROM);
        ByteBuf place = Objects.requireNonNull(half.place());
        place.writeZero(100);
        half.write(place, 100, () -> {});
        half.abandon();
        half.abandon();
        SpoolFile next = received(random(FROM, 2));
        assertThat(next.path()).isNotEqualTo(before.path());
        next.release();
    }

    @Test
    void a_result_in_the_place_of_its_payload_keeps_the_file_until_both_are_let_go() throws IOException {
        SpoolFile payload = received(random(FROM, 1));
        payload.lend();
        byte[] bytes = random(FROM - 5, 2);
        Path path = payload.path();
        Files.write(path, bytes, StandardOpenOption.WRITE);
        Payload result = Spool.result(payload, bytes.length);
        payload.free();
        payload.release();
        assertThat(result.bytes()).isEqualTo(bytes);
        SpoolFile meanwhile = received(random(FROM, 3));
        assertThat(meanwhile.path()).isNotEqualTo(path);
        result.release();
        SpoolFile next = received(random(FROM, 4));
        assertThat(next.path()).isEqualTo(path);
        next.release();
        meanwhile.release();
    }

    @Test
    void a_result_that_cannot_be_in_the_place_of_its_payload_is_not_believed() throws IOException {
        SpoolFile payload = received(random(FROM, 1));
        assertThatThrownBy(() -> Spool.result(null, FROM)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Spool.result(payload, 0)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Spool.result(payload, -1)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Spool.result(payload, payload.room() + 1)).isInstanceOf(IOException.class);
        Files.write(payload.path(), new byte[FROM - 1]);
        assertThatThrownBy(() -> Spool.result(payload, FROM)).hasMessageContaining("cut");
        payload.release();
    }

    @Test
    void a_result_of_a_task_that_has_ended_before_is_nothing() throws IOException {
        SpoolFile payload = received(random(FROM, 1));
        // As its removal is the spool's thread's, the file is there for a moment still.
        payload.hold();
        SpoolFile late = new SpoolFile(payload.path(), FROM, FROM, () -> payload.view(), file -> {});
        late.release();
        assertThat(Spool.result(late, FROM)).isSameAs(Payload.EMPTY);
        payload.release();
        payload.release();
    }

    @Test
    void memory_that_waits_for_the_next_payloads_is_bounded_and_given_back_after_a_while() throws Exception {
        SpoolFile[] files = new SpoolFile[8];
        for (int i = 0; i < files.length; i++) {
            files[i] = received(random(256 * 1024, i));
        }
        for (SpoolFile file : files) {
            file.free();
            file.release();
        }
        // A quarter of the memory may wait; the rest is gone before what waits is.
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> memoryFiles().length <= 4);
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> memoryFiles().length == 0);
        assertThat(spool.memoryBytes()).isZero();
    }

    @Test
    void what_is_too_large_or_finds_no_room_in_memory_goes_elsewhere() throws IOException {
        SpoolFile large = received(new byte[1 << 20]);
        SpoolFile more = received(new byte[1 << 20]);
        assertThat(more.path()).startsWith(directory.resolve("memory"));
        assertThat(spool.memoryBytes()).isEqualTo(2 << 20);
        Incoming onDisk = spool.receiveInSlab(1 << 20);
        assertThat(onDisk.place()).isNull();
        onDisk.abandon();
        large.release();
        more.release();
    }
}
