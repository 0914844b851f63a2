package org.procpool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RecentTest {

    private final Recent<String> recent = new Recent<>(3);

    @Test
    void each_entry_is_given_once_to_one_who_asks_on_from_the_last() {
        recent.add("a");
        recent.add("b");
        assertThat(recent.after(0)).isEqualTo(new Excerpt<>(List.of("a", "b"), 2, 0));
        recent.add("c");
        assertThat(recent.after(2)).isEqualTo(new Excerpt<>(List.of("c"), 3, 0));
        assertThat(recent.after(3)).isEqualTo(new Excerpt<>(List.of(), 3, 0));
    }

    @Test
    void what_was_forgotten_before_it_was_asked_for_is_counted() {
        List.of("a", "b", "c", "d", "e").forEach(recent::add);
        assertThat(recent.after(1)).isEqualTo(new Excerpt<>(List.of("c", "d", "e"), 5, 1));
    }

    @Test
    void copy_has_the_same_numbers_also_after_a_gap() {
        Recent<String> copy = new Recent<>(3);
        recent.add("a");
        copy.addAll(recent.after(0));
        List.of("b", "c", "d", "e").forEach(recent::add);
        copy.addAll(recent.after(1));
        assertThat(copy.after(1)).isEqualTo(recent.after(1));
        assertThat(copy.after(1).missed()).isEqualTo(1);
    }

    @Test
    void number_that_was_never_given_out_gets_nothing() {
        recent.add("a");
        assertThat(recent.after(99)).isEqualTo(new Excerpt<>(List.of(), 1, 0));
    }
}
