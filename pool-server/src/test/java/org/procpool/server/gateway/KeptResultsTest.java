package org.procpool.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;
import org.procpool.proto.TaskError;
import org.procpool.task.Outcome;

class KeptResultsTest {

    private static Outcome outcome(long id, int bytes) {
        return new Outcome(id, OutcomeKind.SUCCEEDED, Payload.of(new byte[bytes]), null, 0, 1, 0, 0, null);
    }

    @Test
    void oldest_goes_when_the_count_is_reached() {
        KeptResults kept = new KeptResults(2, 1000, 100);
        kept.put(outcome(1, 1), 0);
        kept.put(outcome(2, 1), 0);
        kept.put(outcome(3, 1), 0);
        assertThat(kept.get(1)).isNull();
        assertThat(kept.get(2)).isNotNull();
        assertThat(kept.get(3)).isNotNull();
        assertThat(kept.bytes()).isEqualTo(2);
    }

    @Test
    void oldest_go_when_the_bytes_are_reached_but_never_the_newest() {
        KeptResults kept = new KeptResults(10, 1000, 100);
        kept.put(outcome(1, 600), 0);
        kept.put(outcome(2, 300), 0);
        kept.put(outcome(3, 600), 0);
        assertThat(kept.get(1)).isNull();
        assertThat(kept.get(2)).isNotNull();
        kept.put(outcome(4, 5000), 0);
        assertThat(kept.size()).isEqualTo(1);
        assertThat(kept.get(4)).isNotNull();
        assertThat(kept.bytes()).isEqualTo(5000);
    }

    @Test
    void errors_count_like_payloads() {
        TaskError error = new TaskError("SIGKILL", "m", "s".repeat(10), "o".repeat(20)).withAutopsy("a".repeat(300));
        KeptResults kept = new KeptResults(10, 600, 100);
        for (long id = 1; id <= 2; id++) {
            kept.put(new Outcome(id, OutcomeKind.WORKER_LOST, Payload.EMPTY, null, 0, 1, 0, 0, error), 0);
        }
        assertThat(kept.size()).isEqualTo(1);
        assertThat(kept.bytes()).isEqualTo(331);
    }

    @Test
    void each_goes_when_its_time_is_over() {
        KeptResults kept = new KeptResults(10, 1000, 100);
        kept.put(outcome(1, 1), 0);
        kept.put(outcome(2, 1), 50);
        kept.expire(99);
        assertThat(kept.size()).isEqualTo(2);
        kept.expire(100);
        assertThat(kept.get(1)).isNull();
        assertThat(kept.get(2)).isNotNull();
        kept.expire(150);
        assertThat(kept.isEmpty()).isTrue();
        assertThat(kept.bytes()).isZero();
    }
}
