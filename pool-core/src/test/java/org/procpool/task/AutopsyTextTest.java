package org.procpool.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class AutopsyTextTest {

    private static Autopsy autopsy(long taskId, String task) {
        return new Autopsy(
                new WorkerId(2, 3),
                4711,
                Departure.CRASHED,
                "it was ended by signal 9 (SIGKILL)",
                WorkerEnd.of(new ExitStatus(137)),
                3_500_000_000L,
                12,
                taskId,
                task,
                2,
                40_000_000,
                new DeathAccount(9, 3, 1, 5, 1));
    }

    @Test
    void text_names_the_task_as_people_see_its_id() {
        assertThat(autopsy(4711, "fib").text())
                .startsWith("worker w2.3 (pid 4711) left: CRASHED: it was ended by signal 9 (SIGKILL)\n")
                .contains("\n  was running task 4k7 (fib, attempt 2) for 40ms\n");
        assertThat(autopsy(0, null).text()).doesNotContain("was running");
    }

    @Test
    void text_tells_when_it_was_if_that_is_known() {
        Autopsy unknown = autopsy(0, null);
        assertThat(unknown.text()).contains("\n  up 3.5s, 12 tasks finished\n");
        Autopsy known = unknown.withAt(Instant.parse("2026-01-02T03:04:05.678Z"));
        assertThat(known.text()).contains("\n  2026-01-02T03:04:05.678Z, up 3.5s, 12 tasks finished\n");
        assertThat(known.account()).isEqualTo(unknown.account());
    }
}
