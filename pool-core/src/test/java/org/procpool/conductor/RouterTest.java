package org.procpool.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.procpool.task.Routing;

final class RouterTest {

    private static final int WORKERS = 130;

    private final WorkerTable workers = new WorkerTable(Samples.options(WORKERS));
    private long offers;

    @ParameterizedTest
    @EnumSource(Routing.class)
    void nobody_is_picked_when_nobody_has_room(Routing routing) {
        assertThat(new Router(routing, workers).pick(0)).isNull();
    }

    @ParameterizedTest
    @EnumSource(Routing.class)
    void all_workers_with_room_take_turns(Routing routing) {
        Router router = new Router(routing, workers);
        readied(3, 64, 65, 128, 130);

        assertThat(picks(router, 10)).containsExactly(3, 64, 65, 128, 130, 3, 64, 65, 128, 130);
    }

    @Test
    void the_rotation_goes_on_from_the_last_one_that_got_a_task() {
        Router router = new Router(Routing.ROUND_ROBIN, workers);
        readied(1, 2, 3);

        assertThat(picks(router, 2)).containsExactly(1, 2);
        readied(4);
        assertThat(router.pick(0)).isSameAs(workers.at(3));
        assertThat(router.pick(0)).as("nothing was given").isSameAs(workers.at(3));
        assertThat(picks(router, 3)).containsExactly(3, 4, 1);
    }

    @Test
    void least_busy_prefers_the_one_that_was_idle_longest() {
        Router router = new Router(Routing.LEAST_BUSY, workers);
        readied(1, 2, 3);
        workers.at(1).lastOffer = 9;
        workers.at(2).lastOffer = 7;
        workers.at(3).lastOffer = 8;
        workers.all().forEach(workers::updateRoom);

        assertThat(router.pick(0)).isSameAs(workers.at(2));
    }

    @Test
    void least_busy_looks_at_all_workers_and_at_tasks_in_flight_first() {
        Router router = new Router(Routing.LEAST_BUSY, workers);
        readied(1, 64, 65, 130);
        for (int slot : new int[] {1, 64, 65, 130}) {
            workers.at(slot).lastOffer = slot == 130 ? 1L << 45 : 1;
            workers.at(slot).assign(Samples.task(slot));
        }
        workers.at(65).lastOffer = 0;
        workers.all().forEach(workers::updateRoom);
        assertThat(router.pick(0)).as("longest without an offer").isSameAs(workers.at(65));

        Task task = workers.at(130).offers().first();
        workers.at(130).answered(task, 0, true);
        workers.updateRoom(workers.at(130));
        assertThat(router.pick(0)).as("nothing in flight").isSameAs(workers.at(130));
    }

    @ParameterizedTest
    @EnumSource(Routing.class)
    void a_large_task_goes_to_a_worker_that_has_nothing_else(Routing routing) {
        Router router = new Router(routing, workers);
        readied(1, 2);
        workers.at(1).assign(Samples.task(1));

        assertThat(router.pick(Offers.ROOM_BYTES)).isSameAs(workers.at(2));
        workers.at(2).assign(Samples.task(2));
        assertThat(router.pick(Offers.ROOM_BYTES)).isNull();
    }

    private void readied(int... slots) {
        for (int slot : slots) {
            Worker worker = workers.at(slot);
            worker.readied(true, 0, 0);
            worker.phase = Worker.Phase.READY;
            workers.updateRoom(worker);
        }
    }

    /** Each picked one gets a task and is done with it at once. */
    private List<Integer> picks(Router router, int count) {
        List<Integer> slots = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Worker worker = router.pick(0);
            slots.add(worker == null ? 0 : worker.slot());
            if (worker != null) {
                worker.lastOffer = ++offers;
                workers.updateRoom(worker);
                router.given(worker);
            }
        }
        return slots;
    }
}
