package org.procpool.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.procpool.proto.Payload;
import org.procpool.task.TaskSpec;

final class TaskQueueTest {

    private final TaskQueue queue = new TaskQueue();

    @Test
    void the_highest_priority_goes_first_and_equals_in_order() {
        Client client = Samples.client();
        for (int id = 1; id <= 6; id++) {
            queue.addLast(Samples.task(id, client, id % 2));
        }

        assertThat(ids(6)).containsExactly(1L, 3L, 5L, 2L, 4L, 6L);
    }

    @Test
    void clients_take_turns() {
        Client flood = Samples.client();
        Client quiet = Samples.client();
        for (int id = 1; id <= 4; id++) {
            queue.addLast(Samples.task(id, flood, 4));
        }
        queue.addLast(Samples.task(5, quiet, 4));
        queue.addLast(Samples.task(6, quiet, 4));

        assertThat(ids(6)).containsExactly(1L, 5L, 2L, 6L, 3L, 4L);
    }

    @Test
    void every_sixteenth_pick_takes_the_oldest_head() {
        Client client = Samples.client();
        queue.addLast(Samples.task(1, client, 0));
        for (int id = 2; id <= 20; id++) {
            queue.addLast(Samples.task(id, client, 9));
        }

        assertThat(ids(20).indexOf(1L)).isEqualTo(15);
    }

    @Test
    void the_oldest_is_the_one_that_waits_longest_in_any_lane_that_may_start() {
        Client held = Samples.client();
        Client first = Samples.client();
        Client second = Samples.client();
        assertThat(queue.oldest()).isNull();
        queue.addLast(new Task(1, held, 1, spec(4), 10));
        queue.addLast(new Task(2, first, 2, spec(9), 40));
        queue.addLast(new Task(3, second, 3, spec(9), 30));
        queue.addLast(new Task(4, second, 4, spec(0), 20));
        queue.pause(held.share(), true);
        assertThat(queue.oldest().id()).isEqualTo(4);
        queue.pause(held.share(), false);
        assertThat(queue.oldest().id()).isEqualTo(1);
    }

    private static TaskSpec spec(int priority) {
        return TaskSpec.of("echo", Payload.EMPTY).withPriority(priority);
    }

    @Test
    void a_task_that_comes_back_goes_first() {
        Client client = Samples.client();
        queue.addLast(Samples.task(1, client, 4));
        queue.addFirst(Samples.task(2, client, 4));

        assertThat(ids(2)).containsExactly(2L, 1L);
    }

    @Test
    void a_paused_client_is_passed_over() {
        Client client = Samples.client();
        queue.addLast(Samples.task(1, client, 4));
        queue.pause(client.share(), true);
        queue.addLast(Samples.task(2, client, 5));

        assertThat(queue.hasRunnable()).isFalse();
        assertThat(queue.next()).isNull();
        assertThat(queue.size()).isEqualTo(2);

        queue.pause(client.share(), false);
        assertThat(ids(2)).containsExactly(2L, 1L);
    }

    @Test
    void does_what_lists_do() {
        SplittableRandom random = new SplittableRandom(7);
        List<Client> clients = List.of(Samples.client(), Samples.client(), Samples.client());
        Model model = new Model();
        List<Task> waiting = new ArrayList<>();
        for (int id = 1; id <= 20_000; id++) {
            switch (random.nextInt(8)) {
                case 0, 1, 2, 3 -> {
                    int priority = random.nextInt(TaskSpec.PRIORITIES);
                    Task task = Samples.task(id, clients.get(random.nextInt(3)), priority);
                    waiting.add(task);
                    queue.addLast(task);
                    model.add(task);
                }
                case 4 -> {
                    if (!waiting.isEmpty()) {
                        Task task = waiting.remove(random.nextInt(waiting.size()));
                        queue.remove(task);
                        model.remove(task);
                    }
                }
                default -> {
                    Task expected = model.poll();
                    assertThat(poll()).isSameAs(expected);
                    waiting.remove(expected);
                }
            }
            assertThat(queue.size()).isEqualTo(waiting.size());
            assertThat(queue.hasRunnable()).isEqualTo(!waiting.isEmpty());
        }
    }

    private @Nullable Task poll() {
        Task task = queue.next();
        assertThat(queue.next()).as("looking changes nothing").isSameAs(task);
        if (task != null) {
            queue.take(task);
        }
        return task;
    }

    private List<Long> ids(int count) {
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Task task = poll();
            ids.add(task == null ? -1 : task.id());
        }
        return ids;
    }

    /** The same with plain lists: per priority the clients' lists, the one whose turn it is first. */
    private static final class Model {

        private final List<List<Deque<Task>>> turns = new ArrayList<>();
        private int picks;

        private Model() {
            for (int priority = 0; priority < TaskSpec.PRIORITIES; priority++) {
                turns.add(new ArrayList<>());
            }
        }

        private void add(Task task) {
            List<Deque<Task>> lanes = turns.get(task.spec().priority());
            for (Deque<Task> lane : lanes) {
                if (lane.getFirst().client() == task.client()) {
                    lane.addLast(task);
                    return;
                }
            }
            lanes.add(new ArrayDeque<>(List.of(task)));
        }

        private void remove(Task task) {
            List<Deque<Task>> lanes = turns.get(task.spec().priority());
            lanes.forEach(lane -> lane.remove(task));
            lanes.removeIf(Deque::isEmpty);
        }

        private @Nullable Task poll() {
            List<Deque<Task>> best = null;
            for (List<Deque<Task>> lanes : turns) {
                if (!lanes.isEmpty() && (best == null || (picks + 1) % 16 != 0 || headId(lanes) < headId(best))) {
                    best = lanes;
                }
            }
            if (best == null) {
                return null;
            }
            picks++;
            Deque<Task> lane = best.remove(0);
            Task task = lane.removeFirst();
            if (!lane.isEmpty()) {
                best.add(lane);
            }
            return task;
        }

        private static long headId(List<Deque<Task>> lanes) {
            return lanes.get(0).getFirst().id();
        }
    }
}
