package org.procpool.conductor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;
import org.procpool.proto.TaskError;
import org.procpool.task.Autopsy;
import org.procpool.task.DeathAccount;
import org.procpool.task.Departure;
import org.procpool.task.ExitStatus;
import org.procpool.task.Outcome;
import org.procpool.task.TaskSpec;
import org.procpool.task.WorkerEnd;
import org.procpool.task.WorkerId;

final class QuarantineTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final List<String> told = new ArrayList<>();
    private final Effects effects = (Effects) Proxy.newProxyInstance(
            Effects.class.getClassLoader(), new Class<?>[] {Effects.class}, (proxy, method, arguments) -> {
                told.add(method.getName() + " " + Arrays.asList(arguments).get(0));
                return null;
            });
    private final Quarantine quarantine = new Quarantine(new PoisonLimits(3, 60 * SECOND, 10 * SECOND), effects);
    private long now;
    private long nextId = 1;

    private Task task() {
        return Samples.task(nextId++);
    }

    private boolean kills(Task task, Departure why, long answered) {
        Autopsy autopsy = new Autopsy(
                new WorkerId(1, 2),
                77,
                why,
                "exit code 9",
                WorkerEnd.of(new ExitStatus(9)),
                1,
                0,
                task.id(),
                "echo",
                1,
                1,
                DeathAccount.NOTHING);
        now += SECOND;
        boolean tripped = quarantine.killed(task, autopsy, answered, now);
        if (tripped) {
            quarantine.tell("echo");
        }
        return tripped;
    }

    private void trip() {
        assertThat(kills(task(), Departure.CRASHED, 0)).isFalse();
        assertThat(kills(task(), Departure.OUT_OF_MEMORY, 0)).isFalse();
        assertThat(kills(task(), Departure.CRASHED, 0)).isTrue();
    }

    private void ends(Task task, OutcomeKind kind) {
        task.outcome = new Outcome(
                task.id(), kind, Payload.EMPTY, new WorkerId(1, 3), 78, 1, 0, 0, TaskError.of("type", "message"));
        quarantine.ended(task);
    }

    @Test
    void third_death_within_the_window_holds_back_and_says_what_happened() {
        trip();
        assertThat(told).containsExactly("quarantined echo");
        assertThat(quarantine.why("echo"))
                .isEqualTo("3 workers died while running it within 1m (EXIT_9 ×2, OUT_OF_MEMORY ×1), the last was w1.2:"
                        + " exit code 9");
        assertThat(quarantine.check("echo", now).message())
                .contains("task 'echo' is in quarantine: 3 workers died", "the next is tried in 10s", "--release echo");
        assertThat(quarantine.check("reverse", now)).isNull();
    }

    @Test
    void deaths_far_apart_or_among_many_answers_hold_nothing_back() {
        kills(task(), Departure.CRASHED, 0);
        kills(task(), Departure.CRASHED, 0);
        now += 60 * SECOND;
        assertThat(kills(task(), Departure.CRASHED, 0)).isFalse();
        assertThat(kills(task(), Departure.CRASHED, 30)).isFalse();
        assertThat(kills(task(), Departure.CRASHED, 60)).isFalse();
        assertThat(kills(task(), Departure.CRASHED, 89)).isFalse();
        assertThat(kills(task(), Departure.CRASHED, 89)).isTrue();
    }

    @Test
    void first_task_after_a_while_is_tried_alone_and_if_it_is_answered_all_are_let_through() {
        trip();
        now += 10 * SECOND;
        assertThat(quarantine.check("echo", now)).isNull();
        Task probe = task();
        quarantine.entered(probe);
        assertThat(quarantine.check("echo", now).message()).contains("one of them is being tried");
        ends(probe, OutcomeKind.CANCELLED);
        assertThat(quarantine.check("echo", now))
                .as("the next after one that proves nothing")
                .isNull();
        Task second = task();
        quarantine.entered(second);
        ends(second, OutcomeKind.FAILED);
        assertThat(told).containsExactly("quarantined echo", "released echo");
        assertThat(quarantine.active()).isFalse();
    }

    @Test
    void each_try_that_kills_doubles_the_time_to_the_next() {
        trip();
        for (long wait = 20; wait <= 80; wait *= 2) {
            now += wait / 2 * SECOND;
            Task probe = task();
            assertThat(quarantine.check("echo", now)).isNull();
            quarantine.entered(probe);
            assertThat(kills(probe, Departure.CRASHED, 0)).isFalse();
            ends(probe, OutcomeKind.WORKER_LOST);
            assertThat(quarantine.list(now).get(0).probeInMillis()).isEqualTo(wait * 1_000);
        }
    }

    @Test
    void by_hand_it_holds_until_it_is_released_by_hand() {
        assertThat(quarantine.addByHand("echo", now)).isTrue();
        now += 1_000 * SECOND;
        assertThat(quarantine.check("echo", now)).isNotNull();
        assertThat(quarantine.list(now)).singleElement().satisfies(held -> {
            assertThat(held.byHand()).isTrue();
            assertThat(held.probeInMillis()).isEqualTo(-1);
            assertThat(held.sinceMillis()).isEqualTo(1_000_000);
        });
        assertThat(quarantine.release("echo", "an operator said so")).isTrue();
        assertThat(quarantine.release("echo", "an operator said so")).isFalse();
        assertThat(told).containsExactly("quarantined echo", "released echo");
    }

    @Test
    void budget_for_a_full_heap_is_two_and_who_dies_for_another_is_excused() {
        Task task = new Task(
                1, Samples.client(), 1, TaskSpec.of("echo", Payload.EMPTY).withMaxAttempts(3), 0);
        assertThat(attempt(task, Departure.OUT_OF_MEMORY)).isTrue();
        assertThat(attempt(task, Departure.TIMED_OUT)).isTrue();
        assertThat(attempt(task, Departure.SCALED_DOWN)).isTrue();
        assertThat(attempt(task, Departure.CRASHED)).isTrue();
        assertThat(attempt(task, Departure.CRASHED)).isFalse();
        Task hungry = new Task(
                2, Samples.client(), 2, TaskSpec.of("echo", Payload.EMPTY).withMaxAttempts(9), 0);
        assertThat(attempt(hungry, Departure.OUT_OF_MEMORY)).isTrue();
        assertThat(attempt(hungry, Departure.OUT_OF_MEMORY)).isFalse();
        assertThat(attempt(task(), Departure.DRAINED))
                .as("nobody said that it may be repeated")
                .isFalse();
    }

    private static boolean attempt(Task task, Departure why) {
        task.attempts++;
        Autopsy autopsy = new Autopsy(
                new WorkerId(1, 1), 7, why, "gone", null, 1, 0, task.id(), "echo", 1, 1, DeathAccount.NOTHING);
        return Attempts.allowAnother(task, autopsy);
    }

    @Test
    void limits_out_of_range_are_refused_with_a_sentence() {
        PoisonLimits limits = PoisonLimits.DEFAULT;
        assertThatThrownBy(() -> limits.withDeaths(1)).hasMessageContaining("poison-after is 1, allowed is 2..1000");
        assertThatThrownBy(() -> limits.withWindowNanos(1)).hasMessageContaining("poison-window is");
        assertThatThrownBy(() -> limits.withProbeAfterNanos(1)).hasMessageContaining("poison-probe-after is");
    }
}
