package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.PoolOptions;
import org.procpool.bench.StormBench;

/** A short storm, against a pool whose bounds are as short. */
@ExtendWith(LeakCheck.class)
class StormBenchTest {

    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(2);

    @Test
    void pool_whose_workers_are_killed_by_each_task_keeps_answering_and_recovers() throws Exception {
        PoolOptions options = Handlers.options().withRestartsMax(2).withRestartWindowNanos(WINDOW_NANOS);

        StormBench.Report report = StormBench.run(options, 3, done -> {});

        assertThat(report.deaths()).isPositive();
        assertThat(report.servedMillis()).isPositive();
        assertThat(report.workersShare()).isPositive();
        assertThat(StormBench.text(report))
                .contains("3 s; 2 workers and 0 spares", "% of one processor", "next task's result after");
        assertThat(StormBench.json(report)).startsWith("{\"workers\":2,\"spares\":0,\"seconds\":");
    }
}
