package org.procpool.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.procpool.proto.Payload;

class BatchTest extends ClientTest {

    private static final int WINDOW = 20;

    private static TaskRequest request(int number) {
        return TaskRequest.of("echo", Payload.of(String.valueOf(number)));
    }

    private PoolClient echo() throws Exception {
        return connect((peer, number) -> {
            peer.welcome(WINDOW, 1 << 20);
            peer.echo();
        });
    }

    @Test
    void hands_over_every_result_once_with_its_request() throws Exception {
        BitSet seen = new BitSet();
        Iterator<TaskRequest> requests =
                IntStream.range(0, 5_000).mapToObj(BatchTest::request).iterator();
        echo().submitAll(requests, completion -> {
            assertThat(completion.result().payload())
                    .isEqualTo(completion.request().payload());
            assertThat(completion.request().payload().text()).isEqualTo(String.valueOf(completion.index()));
            assertThat(seen.get((int) completion.index())).isFalse();
            seen.set((int) completion.index());
        });
        assertThat(seen.cardinality()).isEqualTo(5_000);
    }

    @Test
    void takes_requests_only_as_fast_as_results_are_taken() throws Exception {
        AtomicLong taken = new AtomicLong();
        AtomicLong given = new AtomicLong();
        Stream<TaskRequest> endless = IntStream.iterate(0, i -> i + 1).mapToObj(i -> {
            taken.incrementAndGet();
            return request(i);
        });
        List<Completion> some;
        try (Stream<Completion> results = echo().stream(endless)) {
            some = results.peek(completion ->
                            assertThat(taken.get() - given.getAndIncrement()).isLessThanOrEqualTo(2 * WINDOW + 1))
                    .limit(1_000)
                    .toList();
        }
        assertThat(some)
                .hasSize(1_000)
                .allMatch(completion -> completion.result().succeeded());
        assertThat(taken.get()).isLessThan(1_100);
    }

    @Test
    void hands_over_the_results_of_an_empty_batch() throws Exception {
        assertThat(echo().stream(Stream.empty()).toList()).isEmpty();
    }

    @Test
    void cancels_the_rest_when_the_taker_throws() throws Exception {
        PoolClient client = connect((peer, number) -> {
            peer.welcome(1, 1 << 20);
            peer.echo();
        });
        Iterator<TaskRequest> requests =
                IntStream.range(0, 100).mapToObj(BatchTest::request).iterator();
        assertThatIllegalStateException()
                .isThrownBy(() -> client.submitAll(requests, completion -> {
                    throw new IllegalStateException("on purpose");
                }));
        assertThat(requests.next().payload().text()).isEqualTo("2");
    }
}
