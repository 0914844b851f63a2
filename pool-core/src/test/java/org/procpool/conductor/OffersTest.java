package org.procpool.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class OffersTest {

    private static final int CLAIMS = 16;

    private final Offers offers = new Offers(CLAIMS, 0);

    private Task offered(long id) {
        Task task = Samples.task(id);
        offers.add(task);
        return task;
    }

    @Test
    void offers_are_numbered_from_one_and_found_by_their_number() {
        Task first = offered(7);
        Task second = offered(8);

        assertThat(offers.get(1)).isSameAs(first);
        assertThat(offers.get(2)).isSameAs(second);
        assertThat(offers.get(0)).isNull();
        assertThat(offers.get(3)).isNull();
        assertThat(offers.first()).isSameAs(first);
    }

    @Test
    void an_offer_taken_back_counts_until_the_worker_has_passed_it() {
        Task task = offered(1);
        offers.revoke(task);

        assertThat(offers.inFlight()).isZero();
        assertThat(offers.held()).isEqualTo(1);
        assertThat(offers.uncertain()).isTrue();
        assertThat(offers.pass(1)).isTrue();
        assertThat(offers.held()).isZero();
        assertThat(offers.uncertain()).isFalse();
        assertThat(offers.pass(1)).as("no news").isFalse();
    }

    @Test
    void an_answer_shows_that_everything_before_it_is_passed() {
        Task first = offered(1);
        Task second = offered(2);
        offers.revoke(first);
        offers.end(second);

        assertThat(offers.passed()).isEqualTo(2);
        assertThat(offers.held()).isZero();
    }

    @Test
    void a_claim_is_not_used_again_before_it_is_settled_or_passed() {
        Task first = offered(1);
        for (int id = 2; id <= CLAIMS; id++) {
            assertThat(offers.hasRoom()).isTrue();
            offers.revoke(offered(id));
        }
        assertThat(offers.hasRoom()).as("all claims are in use").isFalse();
        offers.end(first);
        assertThat(offers.hasRoom()).isTrue();
        offered(CLAIMS + 1);
        assertThat(offers.hasRoom()).as("the second was not passed").isFalse();
        offers.pass(2);
        assertThat(offers.hasRoom()).isTrue();
    }

    @Test
    void payloads_that_were_not_passed_have_a_bound_that_one_alone_may_exceed() {
        assertThat(offers.fits(10 * Offers.ROOM_BYTES)).isTrue();
        offers.add(Samples.taskOf(1, Offers.ROOM_BYTES - 1));
        assertThat(offers.fits(1)).isTrue();
        assertThat(offers.fits(2)).isFalse();
        assertThat(offers.hasRoom()).isTrue();
        offers.add(Samples.taskOf(2, 1));
        assertThat(offers.hasRoom()).isFalse();
        offers.pass(1);
        assertThat(offers.fits(Offers.ROOM_BYTES - 1)).isTrue();
        assertThat(offers.fits(Offers.ROOM_BYTES)).isFalse();
    }

    @Test
    void a_task_that_is_not_in_flight_cannot_end() {
        Task task = offered(1);
        offers.end(task);

        assertThatThrownBy(() -> offers.end(task)).hasMessageContaining("task 1 is not in flight");
    }

    @Test
    void does_what_a_list_does() {
        SplittableRandom random = new SplittableRandom(3);
        List<Task> inFlight = new ArrayList<>();
        List<Long> revoked = new ArrayList<>();
        for (long id = 1; id <= 20_000; id++) {
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    if (offers.hasRoom()) {
                        inFlight.add(offered(id));
                    }
                }
                case 2 -> {
                    if (!inFlight.isEmpty()) {
                        Task task = inFlight.remove(0);
                        offers.end(task);
                        revoked.removeIf(dispatch -> dispatch <= task.dispatch);
                    }
                }
                default -> {
                    Task newest = inFlight.isEmpty() ? null : inFlight.get(inFlight.size() - 1);
                    if (newest != null && newest.dispatch > offers.passed()) {
                        inFlight.remove(newest);
                        offers.revoke(newest);
                        revoked.add(newest.dispatch);
                    } else if (offers.passed() < offers.last()) {
                        offers.pass(offers.passed() + 1);
                        revoked.removeIf(dispatch -> dispatch <= offers.passed());
                    }
                }
            }
            assertThat(offers.inFlight()).isEqualTo(inFlight.size());
            assertThat(offers.held()).isEqualTo(inFlight.size() + revoked.size());
            assertThat(offers.first()).isSameAs(inFlight.isEmpty() ? null : inFlight.get(0));
            assertThat(offers.ahead()).isEqualTo((int) inFlight.stream()
                    .filter(task -> task.dispatch > offers.passed())
                    .count());
        }
    }
}
