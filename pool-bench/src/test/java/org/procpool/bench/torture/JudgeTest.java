package org.procpool.bench.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that are right, and then, one at a time, records that somebody has tampered with. */
class JudgeTest {

    @TempDir
    Path directory;

    private final List<String> driver = new ArrayList<>();
    private final List<String> first = new ArrayList<>();
    private final List<String> second = new ArrayList<>();

    /**
     * Process 11 dies with task 3, which it was running; task 4 may repeat, was lost with process 12 and succeeded in
     * process 11; task 2 expired.
     */
    @BeforeEach
    void write_records_that_are_right() {
        driver.addAll(List.of(
                "H true 2 0",
                "T 1 1 UNASKED",
                "T 2 1 UNASKED",
                "T 3 1 HALT",
                "T 4 3 UNASKED",
                "O 1 SUCCEEDED 1 11 aa 10",
                "O 2 EXPIRED 0 0 0 0",
                "D w2.1 12 KILL 9 2 1 3 1",
                "O 4 SUCCEEDED 2 11 bb 0",
                "D w1.1 11 HALT 7 0 0 6 1",
                "O 3 WORKER_LOST 1 11 0 0",
                "P 4 4 0"));
        first.addAll(List.of("S 1 1 11 1", "E 1 1 11 1 aa 10", "S 4 2 11 2", "E 4 2 11 2 bb 0", "S 3 1 11 3"));
        second.add("S 4 1 12 1");
    }

    private Verdict verdict() throws Exception {
        Files.write(directory.resolve("driver.log"), driver);
        writeRuns("runs-11.log", first);
        writeRuns("runs-12.log", second);
        return new Judge(Evidence.read(directory)).judge();
    }

    private void writeRuns(String name, List<String> lines) throws IOException {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(String.format("%-63s%n", line)));
        Files.writeString(directory.resolve(name), text, StandardCharsets.US_ASCII);
    }

    private void driver(String line, String instead) {
        assertThat(driver).contains(line);
        UnaryOperator<String> change = text -> text.equals(line) ? instead : text;
        driver.replaceAll(change);
    }

    private void assertViolation(String sentence) throws Exception {
        Verdict verdict = verdict();
        assertThat(verdict.holds()).isFalse();
        assertThat(verdict.violations())
                .anySatisfy(violation -> assertThat(violation).contains(sentence));
    }

    @Test
    void records_that_are_right_hold() throws Exception {
        assertThat(verdict()).isEqualTo(new Verdict(4, 4, 2, 2, List.of(), 0));
    }

    @Test
    void last_record_of_a_killed_process_may_be_cut() throws Exception {
        verdict();
        Files.writeString(
                directory.resolve("runs-12.log"),
                Files.readString(directory.resolve("runs-12.log")) + "E 4 1 12",
                StandardCharsets.US_ASCII);
        assertThat(new Judge(Evidence.read(directory)).judge().holds()).isTrue();
    }

    @Test
    void task_that_was_run_to_its_end_may_still_be_lost() throws Exception {
        second.add("E 4 1 12 1 bb 0");
        assertThat(verdict().holds()).isTrue();
    }

    @Test
    void missing_outcome_is_found() throws Exception {
        driver.remove("O 1 SUCCEEDED 1 11 aa 10");
        assertViolation("task 1 has 0 outcomes");
    }

    @Test
    void second_outcome_is_found() throws Exception {
        driver.add("O 1 SUCCEEDED 1 11 aa 10");
        assertViolation("task 1 has 2 outcomes");
    }

    @Test
    void outcome_of_a_task_that_nobody_submitted_is_found() throws Exception {
        driver.add("O 5 EXPIRED 0 0 0 0");
        assertViolation("task 5 was submitted 0 times");
    }

    @Test
    void run_in_a_second_process_is_found() throws Exception {
        second.addAll(0, List.of("S 1 1 12 1", "E 1 1 12 1 aa 10"));
        assertViolation("task 1 ran as attempt 1 in process 12, once too often");
    }

    @Test
    void run_of_a_task_that_never_started_is_found() throws Exception {
        second.addAll(0, List.of("S 2 1 12 1", "E 2 1 12 1 aa 10"));
        assertViolation("task 2 ran as attempt 1 in process 12, once too often: its outcome tells of 0");
    }

    @Test
    void more_attempts_than_allowed_are_found() throws Exception {
        driver("T 4 3 UNASKED", "T 4 1 UNASKED");
        assertViolation("task 4 was started 2 times and allows 1");
    }

    @Test
    void success_without_a_run_is_found() throws Exception {
        first.removeAll(List.of("S 1 1 11 1", "E 1 1 11 1 aa 10"));
        assertViolation("task 1 succeeded, but never began");
    }

    @Test
    void success_of_a_run_that_did_not_come_to_its_end_is_found() throws Exception {
        first.remove("E 1 1 11 1 aa 10");
        assertViolation("task 1 succeeded, but was not run to its end");
    }

    @Test
    void answer_that_is_not_what_the_handler_gave_is_found() throws Exception {
        driver("O 1 SUCCEEDED 1 11 aa 10", "O 1 SUCCEEDED 1 11 ab 10");
        assertViolation("task 1 answered 10 bytes (aa), 10 bytes (ab) arrived");
    }

    @Test
    void outcome_that_names_another_process_is_found() throws Exception {
        driver("O 1 SUCCEEDED 1 11 aa 10", "O 1 SUCCEEDED 1 12 aa 10");
        assertViolation("task 1 ran in process 11, its outcome says 12");
    }

    @Test
    void two_losses_in_one_death_are_found() throws Exception {
        driver("O 1 SUCCEEDED 1 11 aa 10", "O 1 WORKER_LOST 1 11 0 0");
        assertViolation("the death of w1.1 (process 11, halt) cost more than one task: the pool says 1, the records"
                + " [1, 3]");
    }

    @Test
    void account_of_two_losses_is_found() throws Exception {
        driver("D w2.1 12 KILL 9 2 1 3 1", "D w2.1 12 KILL 9 2 1 3 2");
        assertViolation("cost more than one task: the pool says 2, the records [4]");
    }

    @Test
    void loss_that_the_account_keeps_quiet_about_is_found() throws Exception {
        driver("D w2.1 12 KILL 9 2 1 3 1", "D w2.1 12 KILL 9 2 1 3 0");
        assertViolation("cost task [4], of which the pool's account has nothing");
    }

    @Test
    void loss_without_a_death_is_found() throws Exception {
        driver.remove("D w2.1 12 KILL 9 2 1 3 1");
        assertViolation("tasks [4] are said to be lost with process 12, whose death nobody reported");
    }

    @Test
    void death_that_nobody_asked_for_is_found() throws Exception {
        driver("D w2.1 12 KILL 9 2 1 3 1", "D w2.1 12 UNASKED 9 2 1 3 1");
        assertViolation("the death of w2.1 (process 12, unasked) was nobody's wish");
    }

    @Test
    void deadly_task_that_survives_is_found() throws Exception {
        driver("T 1 1 UNASKED", "T 1 1 HALT");
        assertViolation("task 1, which was to die of halt, ended as SUCCEEDED");
    }

    @Test
    void pool_that_counts_otherwise_is_found() throws Exception {
        driver("P 4 4 0", "P 5 4 0");
        assertViolation("the pool counts 5 tasks accepted and 4 ended, 4 were submitted and not rejected");
    }

    @Test
    void too_few_deaths_and_wraps_are_found() throws Exception {
        driver("H true 2 0", "H true 3 2");
        assertViolation("there were 2 deaths, not 3");
        assertViolation("only 1 answers were recovered across the end of a ring");
    }

    @Test
    void process_that_begins_a_task_before_it_ended_another_is_found() throws Exception {
        first.add(1, "S 1 1 11 9");
        assertThatThrownBy(this::verdict).isInstanceOf(EvidenceException.class).hasMessageContaining("runs-11.log");
    }

    @Test
    void record_that_nobody_writes_is_refused() {
        driver.add("X 1");
        assertThatThrownBy(this::verdict).isInstanceOf(EvidenceException.class).hasMessageContaining("'X 1'");
    }

    @Test
    void without_a_witness_outcomes_and_accounts_are_judged_alone() throws Exception {
        driver("H true 2 0", "H false 2 0");
        first.clear();
        second.clear();
        assertThat(verdict().holds()).isTrue();
        driver("O 1 SUCCEEDED 1 11 aa 10", "O 1 WORKER_LOST 1 11 0 0");
        assertViolation("cost more than one task");
    }
}
