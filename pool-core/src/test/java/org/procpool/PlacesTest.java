package org.procpool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PlacesTest {

    private final Places<String> places = new Places<>();

    @Test
    void place_that_got_free_is_taken_next() {
        assertThat(places.add("a")).isZero();
        assertThat(places.add("b")).isEqualTo(1);
        assertThat(places.remove(0)).isEqualTo("a");
        assertThat(places.get(0)).isNull();
        assertThat(places.remove(0)).isNull();
        assertThat(places.add("c")).isZero();
        assertThat(places.get(0)).isEqualTo("c");
        assertThat(places.get(2)).isNull();
        assertThat(places.get(-1)).isNull();
        assertThat(places.get(Long.MAX_VALUE)).isNull();
    }

    @Test
    void nothing_gets_lost_and_no_place_is_wasted_as_things_come_and_go() {
        SplittableRandom random = new SplittableRandom(1);
        Map<Integer, String> expected = new LinkedHashMap<>();
        int most = 0;
        for (int i = 0; i < 20_000; i++) {
            if (random.nextInt(1_000) < (i / 5_000 % 2 == 0 ? 700 : 300)) {
                int place = places.add("thing " + i);
                assertThat(expected.put(place, "thing " + i)).isNull();
                most = Math.max(most, expected.size());
                assertThat(place).isLessThan(most);
            } else {
                int place = random.nextInt(most + 2);
                assertThat(places.remove(place)).isEqualTo(expected.remove(place));
            }
        }
        assertThat(places.removeAll()).containsExactlyInAnyOrderElementsOf(expected.values());
        assertThat(places.removeAll()).isEmpty();
        assertThat(places.add("first")).isZero();
    }
}
