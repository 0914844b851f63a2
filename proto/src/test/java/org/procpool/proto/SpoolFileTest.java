package org.procpool.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SpoolFileTest {

    private static final int SIZE = 5;
    private static final int ROOM = 8;

    private final byte[] memory = {1, 2, 3, 4, 5, 6, 7, 8};
    private final AtomicInteger removed = new AtomicInteger();
    private final SpoolFile file = new SpoolFile(
            Path.of("file"), SIZE, ROOM, () -> ByteBuffer.wrap(memory), gone -> removed.incrementAndGet());
    private final Payload payload = Payload.of(file);

    @Test
    void payload_is_what_belongs_to_it_of_a_file_with_room_for_more() {
        assertThat(payload.bytes()).containsExactly(1, 2, 3, 4, 5);
        assertThat(payload.text()).isEqualTo("\1\2\3\4\5");
        assertThat(payload).isEqualTo(Payload.of(new byte[] {1, 2, 3, 4, 5}));
        assertThat(payload).hasSameHashCodeAs(Payload.of(new byte[] {1, 2, 3, 4, 5}));
        assertThat(file.leave()).isTrue();
    }

    @Test
    void nothing_can_be_read_when_its_task_is_over() {
        assertThat(file.leave()).isTrue();
        assertThatThrownBy(payload::bytes)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("its task is over");
        assertThatThrownBy(payload::buffer).isInstanceOf(UncheckedIOException.class);
        assertThatThrownBy(payload::text).isInstanceOf(UncheckedIOException.class);
        assertThat(file.overwrite(Payload.of(new byte[2]))).isFalse();
    }

    @Test
    void a_view_that_may_be_kept_keeps_the_file_from_being_used_again() {
        ByteBuffer kept = payload.buffer();
        assertThat(file.overwrite(Payload.of(new byte[2]))).isFalse();
        assertThat(file.leave()).isFalse();
        assertThat(kept).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5}));
    }

    @Test
    void a_result_takes_the_place_of_the_payload_if_there_is_room() {
        assertThat(file.overwrite(Payload.of(new byte[ROOM + 1]))).isFalse();
        assertThat(file.overwrite(Payload.of(new byte[] {9, 9, 9, 9, 9, 9}))).isTrue();
        assertThat(memory).containsExactly(9, 9, 9, 9, 9, 9, 7, 8);
        assertThatThrownBy(payload::bytes).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void the_payload_as_the_result_is_there_already() {
        assertThat(file.overwrite(payload)).isTrue();
        assertThat(memory).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    }

    @Test
    void a_file_of_one_payload_alone_is_never_overwritten_nor_used_again() {
        SpoolFile alone = new SpoolFile(Path.of("alone"), SIZE, removed::incrementAndGet);
        assertThat(alone.overwrite(Payload.of(new byte[1]))).isFalse();
        assertThat(alone.leave()).isFalse();
        alone.release();
        assertThat(removed).hasValue(1);
    }

    @Test
    void goes_once_when_payload_and_result_are_let_go() {
        SpoolFile result = file.result(ROOM);
        assertThat(result).isNotNull();
        assertThat(Payload.of(result).bytes()).isEqualTo(memory);
        file.release();
        assertThat(removed).hasValue(0);
        result.release();
        assertThat(removed).hasValue(1);
        assertThat(file.result(SIZE)).isNull();
    }
}
