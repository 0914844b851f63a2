package org.procpool.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StockTest {

    private static final int KIB = 1024;

    @TempDir
    private Path directory;

    private int names;

    private Slab slab(int capacity) throws IOException {
        return Slab.create(directory.resolve(Integer.toString(++names)), capacity);
    }

    @Test
    void a_slab_has_room_for_its_payload_and_at_most_a_quarter_more() {
        int before = 0;
        for (int size = 64 * KIB; size <= Stock.PAYLOAD_BYTES_MAX; size += 4_093) {
            for (int near = size - 1; near <= size + 1; near++) {
                int capacity = Stock.capacity(near);
                assertThat(capacity).isBetween(near, Math.max(64 * KIB, near + near / 4));
            }
            assertThat(Stock.capacity(size)).isGreaterThanOrEqualTo(before);
            before = Stock.capacity(size);
        }
        assertThat(Stock.capacity(1 << 20)).isEqualTo(1 << 20);
        assertThat(Stock.capacity((1 << 20) + 1)).isEqualTo(5 << 18);
        assertThat(Stock.capacity(Stock.PAYLOAD_BYTES_MAX)).isEqualTo(Stock.PAYLOAD_BYTES_MAX);
        assertThat(Stock.capacity(1)).isEqualTo(64 * KIB);
    }

    @Test
    void gives_out_the_one_that_came_last_and_none_of_another_capacity() throws IOException {
        Stock stock = new Stock(1 << 20);
        Slab first = slab(256 * KIB);
        Slab last = slab(256 * KIB);
        assertThat(stock.put(first, 1)).isTrue();
        assertThat(stock.put(last, 2)).isTrue();
        assertThat(stock.take(128 * KIB)).isNull();
        assertThat(stock.take(256 * KIB)).isSameAs(last);
        assertThat(stock.take(256 * KIB)).isSameAs(first);
        assertThat(stock.take(256 * KIB)).isNull();
        assertThat(stock.isEmpty()).isTrue();
    }

    @Test
    void takes_no_more_than_it_may_and_has_room_again_for_what_has_left() throws IOException {
        Stock stock = new Stock(512 * KIB);
        assertThat(stock.put(slab(256 * KIB), 1)).isTrue();
        assertThat(stock.put(slab(256 * KIB), 2)).isTrue();
        Slab third = slab(64 * KIB);
        assertThat(stock.put(third, 3)).isFalse();
        assertThat(stock.take(256 * KIB)).isNotNull();
        assertThat(stock.put(third, 4)).isTrue();
        assertThat(stock.removeIdleSince(4)).hasSize(2);
        assertThat(stock.put(slab(512 * KIB), 5)).isTrue();
    }

    @Test
    void gives_up_what_has_not_been_used_since_then_and_nothing_else() throws IOException {
        Stock stock = new Stock(1 << 20);
        Slab old = slab(64 * KIB);
        Slab used = slab(128 * KIB);
        stock.put(old, 10);
        stock.put(used, 11);
        assertThat(stock.removeIdleSince(9)).isEmpty();
        assertThat(stock.take(128 * KIB)).isSameAs(used);
        stock.put(used, 30);
        assertThat(stock.removeIdleSince(20)).containsExactly(old);
        assertThat(stock.removeIdleSince(30)).containsExactly(used);
    }
}
