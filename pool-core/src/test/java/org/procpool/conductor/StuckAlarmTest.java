package org.procpool.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A queue and two workers between which nobody hands anything out: the fault that the alarm is for. */
final class StuckAlarmTest {

    private static final long MILLI = 1_000_000L;

    private final List<String> told = new ArrayList<>();
    private final Effects effects = (Effects) Proxy.newProxyInstance(
            Effects.class.getClassLoader(), new Class<?>[] {Effects.class}, (proxy, method, arguments) -> {
                told.add(method.getName() + (arguments == null ? "" : " " + arguments[0]));
                return null;
            });
    private final Deadlines deadlines = new Deadlines(0);
    private final TaskQueue queue = new TaskQueue();
    private final WorkerTable workers = new WorkerTable(Samples.options(2));
    private final StuckAlarm alarm = new StuckAlarm(effects, deadlines, queue, workers);
    private final Task waiting = Samples.task(1);
    private long now;
    private boolean paused;
    private int looks;

    @BeforeEach
    void two_workers_serve() {
        for (Worker worker : workers.all()) {
            worker.readied(true, 0, 0);
            worker.phase = Worker.Phase.READY;
        }
    }

    /** Turns now, whenever something is due, and at the end of that time. */
    private void pass(long millis) {
        alarm.turned(paused, now);
        long end = now + millis * MILLI;
        while (now < end) {
            now = Math.min(end, Math.max(now + 1, deadlines.nextNanos()));
            for (Timer timer = deadlines.poll(now); timer != null; timer = deadlines.poll(now)) {
                looks++;
                timer.due(null, now);
            }
            alarm.turned(paused, now);
        }
    }

    private void hand(int slot) {
        workers.at(slot).assign(Samples.task(10 + slot));
        workers.at(slot).lastOffer = 10 + slot;
    }

    @Test
    void it_is_raised_once_when_a_task_has_waited_for_a_second_beside_an_idle_worker_and_ends_with_that() {
        queue.addLast(waiting);
        pass(900);
        assertThat(told).isEmpty();
        pass(700);
        assertThat(told)
                .singleElement()
                .asString()
                .startsWith("stuck tasks wait, 1 in all, although worker w1.0 has had nothing to do for 1s;");
        pass(60_000);
        assertThat(told).hasSize(1);
        queue.remove(waiting);
        pass(600);
        assertThat(told).hasSize(2).last().isEqualTo("unstuck");
        looks = 0;
        pass(60_000);
        assertThat(looks).as("looks while nothing waits").isLessThanOrEqualTo(1);
    }

    @Test
    void one_idle_worker_among_busy_ones_is_enough() {
        queue.addLast(waiting);
        hand(1);
        pass(1_600);
        assertThat(told).singleElement().asString().contains("worker w2.0 has had nothing to do");
    }

    @Test
    void it_is_not_raised_while_workers_get_tasks() {
        queue.addLast(waiting);
        for (int i = 1; i <= 100; i++) {
            workers.at(1).lastOffer = 2 * i;
            workers.at(2).lastOffer = 2 * i + 1;
            pass(100);
        }
        assertThat(told).isEmpty();
    }

    @Test
    void it_is_not_raised_for_workers_that_must_get_nothing() {
        queue.addLast(waiting);
        workers.at(1).stuck = true;
        workers.at(2).aimed = 7;
        pass(10_000);
        workers.at(1).phase = Worker.Phase.RETIRING;
        workers.at(2).phase = Worker.Phase.SPARE;
        workers.at(2).aimed = 0;
        pass(10_000);
        assertThat(told).isEmpty();
    }

    @Test
    void neither_a_pause_nor_a_client_that_takes_no_results_raises_it() {
        paused = true;
        queue.addLast(waiting);
        pass(10_000);
        paused = false;
        queue.pause(waiting.client().share(), true);
        pass(10_000);
        assertThat(told).isEmpty();
        assertThat(looks).as("looks while nothing may be handed out").isLessThanOrEqualTo(1);
        queue.pause(waiting.client().share(), false);
        pass(2_000);
        assertThat(told).hasSize(1);
        paused = true;
        pass(600);
        assertThat(told).hasSize(2).last().isEqualTo("unstuck");
    }
}
