package org.procpool.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.procpool.proto.OutputMark;

class OutputDrainTest {

    private static String tailOf(String output) {
        OutputDrain drain = new OutputDrain("w1.1", new ByteArrayInputStream(output.getBytes(StandardCharsets.UTF_8)));
        drain.run();
        return drain.tail();
    }

    @Test
    void tail_holds_the_last_hundred_lines() {
        StringBuilder output = new StringBuilder();
        for (int i = 1; i <= 1000; i++) {
            output.append("line ").append(i).append('\n');
        }
        assertThat(tailOf(output.toString()).split("\n"))
                .hasSize(100)
                .startsWith("line 901")
                .endsWith("line 1000");
    }

    @Test
    void flood_without_a_newline_is_cut_and_not_kept_whole() {
        assertThat(tailOf("x".repeat(10_000_000))).hasSize(1024 + 2).endsWith("x …");
    }

    @Test
    void tail_is_bounded_in_characters_too() {
        assertThat(tailOf(("y".repeat(1000) + "\n").repeat(100)).length()).isBetween(15_000, 16 * 1024 + 100);
    }

    @Test
    void last_line_without_its_end_is_kept() {
        assertThat(tailOf("first\r\nlast")).isEqualTo("first\nlast");
    }

    private static String begin(int task) {
        return new String(OutputMark.begin(task, "echo"), StandardCharsets.UTF_8);
    }

    private static final String END = new String(OutputMark.end(), StandardCharsets.UTF_8);

    private static OutputDrain drained(String output) {
        OutputDrain drain = new OutputDrain("w1.1", new ByteArrayInputStream(output.getBytes(StandardCharsets.UTF_8)));
        drain.run();
        return drain;
    }

    @Test
    void marks_of_tasks_are_no_output() {
        assertThat(drained("boot\n" + begin(1) + "one\n" + END + begin(2) + "two\n")
                        .tail())
                .isEqualTo("boot\none\ntwo");
    }

    @Test
    void tail_of_a_task_has_nothing_of_the_tasks_before() {
        assertThat(drained("boot\n" + END + begin(1) + "one\n" + END + "native\n" + begin(2) + "two\n")
                        .taskTail())
                .isEqualTo("native\ntwo");
        assertThat(drained(begin(1) + "one\n" + begin(2) + "two\n").taskTail()).isEqualTo("two");
        assertThat(drained(begin(1) + "one\n" + END).taskTail()).isEmpty();
    }

    @Test
    void what_only_begins_like_a_mark_is_output() {
        assertThat(tailOf("\u001eprocpoolish\n")).isEqualTo("\u001eprocpoolish");
    }

    @Test
    void shortage_of_memory_is_told_by_the_last_lines() {
        String terminating = "Terminating due to java.lang.OutOfMemoryError: Java heap space\n";
        assertThat(drained("x\n".repeat(1_000) + terminating).saidOutOfMemory()).isTrue();
        assertThat(drained(terminating + "x\n".repeat(1_000)).saidOutOfMemory()).isFalse();
    }

    private static final String DUMP = """
            before
            2026-11-24 14:12:18
            Full thread dump OpenJDK 64-Bit Server VM (25.0.3+9-LTS mixed mode, sharing):

            "main" #3 [2738] prio=5
            \tat Main.main

            JNI global refs: 15, weak refs: 0


            Found one Java-level deadlock:
            "A":

            Heap
             DefNew     total 116160K
              eden space 103296K

            after
            """;

    private static final class Asked {

        private final OutputDrain drain;
        private int completed;

        Asked(String output) {
            drain = new OutputDrain("w1.1", new ByteArrayInputStream(output.getBytes(StandardCharsets.UTF_8)));
            drain.dump().expect(() -> completed++);
            drain.run();
        }
    }

    @Test
    void thread_dump_that_was_asked_for_is_kept_apart() {
        Asked asked = new Asked(DUMP);

        assertThat(asked.drain.tail()).isEqualTo("before\nafter");
        assertThat(asked.drain.dump().text())
                .startsWith("\"main\" #3 [2738] prio=5\n\tat Main.main\n\nJNI global refs")
                .endsWith("\"A\":");
        assertThat(asked.completed).isEqualTo(1);
        assertThat(asked.drain.dump().expect(() -> {})).isFalse();
    }

    @Test
    void thread_dump_that_breaks_off_is_kept_as_far_as_it_goes_and_is_not_complete() {
        Asked asked = new Asked(DUMP.substring(0, DUMP.indexOf("JNI")));

        assertThat(asked.drain.dump().text()).isEqualTo("\"main\" #3 [2738] prio=5\n\tat Main.main");
        assertThat(asked.drain.tail()).isEqualTo("before");
        assertThat(asked.completed).isZero();
    }

    @Test
    void thread_dump_that_nobody_asked_for_is_output() {
        assertThat(tailOf(DUMP))
                .contains("Full thread dump")
                .contains("\tat Main.main")
                .endsWith("after");
    }

    @Test
    void thread_dump_is_bounded() {
        String threads = ("\tat " + "x".repeat(500) + "\n").repeat(10_000);
        Asked asked = new Asked("Full thread dump of many\n" + threads + "JNI global refs\nHeap\n");

        assertThat(asked.drain.dump().text().length()).isBetween(60_000, 64 * 1024);
        assertThat(asked.completed).isEqualTo(1);
    }
}
