package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.procpool.proto.TaskId;

class ShapeTest {

    @Test
    void ids_of_all_pools_have_one_shape_and_numbers_another() {
        for (long pool = 1; pool <= 1 << 19; pool++) {
            String id = TaskId.format((pool << 44) + pool % 1_000);
            assertThat(Shape.of("task " + id + " took 1m2s, of 1024 bytes")).isEqualTo("task ID took N, of N bytes");
        }
    }
}
