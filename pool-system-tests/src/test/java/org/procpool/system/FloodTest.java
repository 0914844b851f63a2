package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;

/** One client with a flood of tasks, and another that notices next to nothing of it. */
@ExtendWith(LeakCheck.class)
class FloodTest {

    private static final int FLOOD = 200_000;
    private static final int FLOOD_BATCH = 1_000;
    private static final int POLITE = 100;

    @Test
    void tasks_of_a_polite_client_are_done_while_nearly_all_of_the_flood_still_waits() throws Exception {
        try (TestServer server = TestServer.start(options -> options.withWindowTasks(2 * FLOOD)
                        .withPool(options.pool().withWorkers(2).withQueueTasksMax(2 * FLOOD)));
                RawClient flood = server.welcomed();
                RawClient polite = server.welcomed()) {
            for (int first = 0; first < FLOOD; first += FLOOD_BATCH) {
                ByteArrayOutputStream batch = new ByteArrayOutputStream();
                for (int i = first; i < first + FLOOD_BATCH; i++) {
                    batch.writeBytes(RawClient.bytes(RawClient.task(i, "sleep", Payload.of("5ms"))));
                }
                flood.send(batch.toByteArray());
            }
            Eventually.until("the flood is in", () -> server.snapshot().totals().accepted() == FLOOD);

            for (int i = 0; i < POLITE; i++) {
                polite.submit(i, "sleep", "5ms");
            }
            for (int i = 0; i < POLITE; i++) {
                assertThat(polite.result(i).outcome()).isEqualTo(OutcomeKind.SUCCEEDED);
            }
            // By turns it is as many of the flood as of the other's, and what was lined up at the workers.
            assertThat(server.snapshot().queuedTasks()).isGreaterThan(FLOOD * 9 / 10);
        }
    }
}
