package org.procpool.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NameCacheTest {

    private final NameCache names = new NameCache();

    @Test
    void names_of_all_lengths_are_read_and_found_again() {
        for (int length = 0; length <= 80; length++) {
            String name = "n".repeat(length);
            for (int behind : new int[] {0, 1, 7, 8, 100}) {
                assertThat(names.read(field(name, behind))).isEqualTo(name);
            }
        }
    }

    @Test
    void a_name_that_came_before_is_the_same_object() {
        String first = names.read(field("thumbnail", 0));

        assertThat(names.read(field("thumbnail", 0))).isSameAs(first);
        assertThat(names.read(field("thumbnail", 100))).isSameAs(first);
    }

    @Test
    void names_that_share_their_beginning_or_their_words_are_told_apart() {
        for (String name : new String[] {"a", "a\0", "a\0\0", "abcdefgh", "abcdefgh\0", "abcdefghi", "abcdefg"}) {
            assertThat(names.read(field(name, 20))).isEqualTo(name);
        }
    }

    @Test
    void more_names_than_places_are_all_read_right() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            String name = "task-" + random.nextInt(10 * NameCache.PLACES);
            assertThat(names.read(field(name, random.nextInt(12)))).isEqualTo(name);
        }
    }

    @Test
    void bytes_that_are_no_text_are_refused_each_time() {
        for (int i = 0; i < 2; i++) {
            ByteBuffer bytes = ByteBuffer.wrap(new byte[] {2, (byte) 0xC3, 0x28});
            assertThatThrownBy(() -> names.read(new ByteBufferInput(bytes)))
                    .isInstanceOfSatisfying(
                            WireException.class, e -> assertThat(e.reason()).isEqualTo(WireException.Reason.MALFORMED));
        }
    }

    /** A string field behind its tag, with other bytes behind it. */
    private static ByteBufferInput field(String name, int bytesBehind) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer field = ByteBuffer.allocate(1 + bytes.length + bytesBehind);
        field.put((byte) bytes.length).put(bytes);
        while (field.hasRemaining()) {
            field.put((byte) 0xFF);
        }
        return new ByteBufferInput(field.flip());
    }
}
