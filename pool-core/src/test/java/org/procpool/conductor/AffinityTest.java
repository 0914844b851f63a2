package org.procpool.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class AffinityTest {

    private static final int WORKERS = 8;
    private static final int KEYS = 8_000;

    private final WorkerTable workers = new WorkerTable(Samples.options(WORKERS));

    private void ready(boolean ready, int slot) {
        workers.at(slot).phase = ready ? Worker.Phase.READY : Worker.Phase.ABSENT;
    }

    private int[] homes() {
        int[] homes = new int[KEYS];
        for (int key = 0; key < KEYS; key++) {
            Worker home = Affinity.home("customer-" + key, workers);
            homes[key] = home == null ? 0 : home.slot();
        }
        return homes;
    }

    @Test
    void without_workers_there_is_no_home() {
        assertThat(Affinity.home("k", workers)).isNull();
    }

    @Test
    void keys_are_spread_evenly() {
        for (int slot = 1; slot <= WORKERS; slot++) {
            ready(true, slot);
        }
        int[] counts = new int[WORKERS + 1];
        for (int home : homes()) {
            counts[home]++;
        }
        for (int slot = 1; slot <= WORKERS; slot++) {
            assertThat(counts[slot]).isBetween(800, 1_200);
        }
    }

    @Test
    void only_keys_of_the_worker_that_leaves_move_and_they_come_back_with_it() {
        for (int slot = 1; slot <= WORKERS; slot++) {
            ready(true, slot);
        }
        int[] before = homes();
        ready(false, 3);
        int[] meanwhile = homes();
        for (int key = 0; key < KEYS; key++) {
            if (before[key] == 3) {
                assertThat(meanwhile[key]).isNotEqualTo(3);
            } else {
                assertThat(meanwhile[key]).isEqualTo(before[key]);
            }
        }
        ready(true, 3);
        assertThat(homes()).isEqualTo(before);
    }
}
