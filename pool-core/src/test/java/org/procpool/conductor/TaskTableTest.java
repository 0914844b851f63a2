package org.procpool.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TaskTableTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 64, 1_000})
    void does_what_a_map_does(long idRange) {
        SplittableRandom random = new SplittableRandom(idRange);
        TaskTable table = new TaskTable();
        Map<Long, Task> model = new HashMap<>();
        for (int step = 0; step < 20_000; step++) {
            // Ids of few low bits collide in the table.
            long id = random.nextLong(idRange) << random.nextInt(3) * 20;
            Task known = model.get(id);
            assertThat(table.get(id)).isSameAs(known);
            if (known == null && random.nextInt(3) > 0) {
                Task task = Samples.task(id);
                model.put(id, task);
                table.put(task);
            } else if (known != null) {
                model.remove(id);
                table.remove(known);
            }
            assertThat(table.size()).isEqualTo(model.size());
        }
        assertThat(table.toList()).containsExactlyInAnyOrderElementsOf(model.values());
    }

    @Test
    void shrinks_again_and_keeps_what_is_left() {
        TaskTable table = new TaskTable();
        Task[] tasks = new Task[10_000];
        for (int id = 0; id < tasks.length; id++) {
            tasks[id] = Samples.task(id);
            table.put(tasks[id]);
        }
        for (int id = 0; id < tasks.length - 1; id++) {
            table.remove(tasks[id]);
        }

        assertThat(table.toList()).containsExactly(tasks[tasks.length - 1]);
        assertThat(table.get(tasks.length - 1)).isSameAs(tasks[tasks.length - 1]);
    }

    @Test
    void removing_what_is_not_there_breaks_an_invariant() {
        TaskTable table = new TaskTable();

        assertThatThrownBy(() -> table.remove(Samples.task(7)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("task 7 is not in the table");
    }
}
