package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.PoolListener;
import org.procpool.ProcessPool;
import org.procpool.conductor.Elasticity;
import org.procpool.task.Outcome;

/** A pool that grows when tasks wait, and shrinks when workers are idle. */
@ExtendWith(LeakCheck.class)
class ElasticityTest {

    private final List<String> sizes = new CopyOnWriteArrayList<>();
    private final PoolListener listener = new PoolListener() {
        @Override
        public void poolResized(PoolResized event) {
            sizes.add(event.from() + ">" + event.to() + " " + event.why());
        }
    };

    @Test
    void pool_grows_one_by_one_while_tasks_wait_to_its_bound_and_shrinks_when_they_are_done() throws Exception {
        Path open = LeakCheck.workDirectory().resolve("open");
        Elasticity bounds = new Elasticity(1, 3, TimeUnit.SECONDS.toNanos(1));
        try (ProcessPool pool =
                Pools.start(options -> options.withWorkers(1).withSpares(0).withElasticity(bounds), listener)) {
            assertThat(pool.snapshot().workersMin()).isEqualTo(1);
            assertThat(pool.snapshot().workersMax()).isEqualTo(3);
            List<CompletableFuture<Outcome>> tasks = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                tasks.add(pool.submit(Pools.task("gate", open)));
            }
            Pools.untilRunning(pool, "gate", 3);
            assertThat(pool.snapshot().workersTarget()).isEqualTo(3);
            assertThatThrownBy(() -> pool.scale(4)).hasMessageContaining("allowed is 1..3");

            Files.createFile(open);
            for (CompletableFuture<Outcome> task : tasks) {
                assertThat(Pools.outcome(task).succeeded()).isTrue();
            }
            Eventually.until("two have left", () -> pool.snapshot().workers().size() == 1);
            Eventually.until("all of it is told", () -> sizes.size() == 4);
            assertThat(sizes.get(0)).startsWith("1>2 a task has waited for ");
            assertThat(sizes.get(1)).startsWith("2>3 a task has waited for ");
            assertThat(sizes.get(2)).startsWith("3>2 somebody has had nothing to do for ");
            assertThat(sizes.get(3)).startsWith("2>1 somebody has had nothing to do for ");
            assertThat(Pools.run(pool, "pid", "").succeeded()).isTrue();
        }
    }

    @Test
    void paused_pool_neither_grows_nor_shrinks() throws Exception {
        Elasticity bounds = new Elasticity(1, 3, TimeUnit.SECONDS.toNanos(1));
        try (ProcessPool pool =
                Pools.start(options -> options.withWorkers(2).withSpares(0).withElasticity(bounds), listener)) {
            Pools.untilIdle(pool, 2);
            pool.pause();
            CompletableFuture<Outcome> waiting = pool.submit("pid", "");
            long start = pool.snapshot().uptimeMillis();
            Eventually.until("a while has passed", () -> pool.snapshot().uptimeMillis() - start > 2_500);
            assertThat(sizes).isEmpty();
            pool.resume();
            assertThat(Pools.outcome(waiting).succeeded()).isTrue();
            Eventually.until("one has left", () -> sizes.size() == 1);
            assertThat(sizes.get(0)).startsWith("2>1 ");
        }
    }
}
