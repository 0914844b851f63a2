package org.procpool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {

    @TempDir
    private Path directory;

    private CommandRun run(String input, String... words) {
        String[] all = new String[words.length + 3];
        all[0] = "run";
        all[1] = "--run-dir";
        all[2] = directory.toString();
        System.arraycopy(words, 0, all, 3, words.length);
        return CommandRun.withInput(input, all);
    }

    @Test
    void each_file_is_given_to_the_command_and_the_output_comes_in_their_order() throws Exception {
        Path slow = Files.writeString(directory.resolve("slow"), "first\n");
        Path quick = Files.writeString(directory.resolve("-quick"), "second\n");
        String script = "case $1 in *slow) sleep 0.3;; esac; cat -- \"$1\"";

        CommandRun run = run("", "-j", "2", "sh", "-c", script, "sh", "{}", ":::", slow.toString(), quick.toString());

        assertThat(run).isEqualTo(new CommandRun(0, "first\nsecond\n", ""));
    }

    @Test
    void worst_end_is_the_exit_code_and_each_failure_is_named_with_what_it_said() {
        String script = "case $1 in bad) echo no such thing >&2; exit 9;; long) sleep 60;; esac; echo $1";

        CommandRun run = run("good\nbad\nlong\n", "-j", "2", "--timeout", "3s", "--", "sh", "-c", script, "sh");

        assertThat(run.exitCode()).isEqualTo(ExitCode.TOO_LATE);
        assertThat(run.out()).isEqualTo("good\n");
        assertThat(run.err().lines())
                .containsExactly(
                        "procpool: bad FAILED: EXIT_9",
                        "  | no such thing",
                        "procpool: long TIMED_OUT: it ran past its limit of 3s and heeded the interrupt",
                        "procpool: 2 of 3 tasks did not succeed: 1 FAILED, 1 TIMED_OUT");
    }

    @Test
    void command_that_is_not_there_is_wrong_usage() {
        CommandRun missing = run("", "no-such-program-at-all", ":::", "a");
        assertThat(missing.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(missing.err()).contains("no-such-program-at-all, is not on the PATH");
        assertThat(run("", ":::", "a").err()).contains("there is no command before :::");
    }
}
