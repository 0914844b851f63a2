package org.procpool.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class UsageTest {

    static List<String> commands() {
        return CommandTable.NAMES;
    }

    @ParameterizedTest
    @MethodSource("commands")
    void every_command_shows_an_example_when_asked_for_help(String command) {
        CommandRun run = CommandRun.of(command, "--help");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .startsWith("Usage: procpool " + command)
                .containsPattern("Examples?:")
                .containsPattern("\n  .*procpool " + command);
        assertThat(run.err()).isEmpty();
    }

    @Test
    void all_commands_are_listed_when_the_program_is_asked_for_help() {
        CommandRun run = CommandRun.of("--help");
        assertThat(run.exitCode()).isZero();
        CommandTable.NAMES.forEach(name -> assertThat(run.out()).containsPattern("\n  " + name + " "));
    }

    @Test
    void completion_knows_every_command() {
        CommandRun run = CommandRun.of("completion");
        assertThat(run.exitCode()).as(run.err()).isZero();
        CommandTable.NAMES.forEach(name -> assertThat(run.out()).contains("_picocli_procpool_" + name + "()"));
    }

    @Test
    void the_version_is_shown_when_asked_for() {
        assertThat(CommandRun.of("--version").out()).matches("procpool \\d+\\.\\d+\\.\\d+\\R");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "submitt | unknown command 'submitt' (did you mean 'submit'?); see 'procpool --help'",
                "submit | missing required parameter: 'TASK'; see 'procpool submit --help'",
                "submit echo --txt=x | unknown option '--txt' (did you mean '--text'?); see 'procpool submit --help'",
                "submit echo a b | unexpected argument 'b'; see 'procpool submit --help'",
                "submit echo a | unexpected argument 'a', give the input with --text or --file",
                "submit echo --text a --json 1 | the input is given twice",
                "submit echo --text a --timeout 5 | --timeout: '5' is not a duration; write for example 500ms, 2s",
                "submit echo --priority 10 | task 'echo': priority 10 is not within 0 to 9",
                "submit echo --max-attempts 0 | task 'echo': max attempts 0 is below 1",
                "submit echo --json {] | --json is not JSON",
                "submit echo --server nowhere | --server: 'nowhere' is not an address: write HOST:PORT",
                "submit echo --glob x/* | --glob needs --out-dir for the results, or --show json",
                "submit echo --detach --each-line | --detach is for a single task",
                "submit echo --out-dir x | --out-dir is for --glob",
                "submit echo --each-line --output x | --output is for the result of a single task",
                "submit echo --glob x/a x/b --out-dir y | give the input with --text or --file, and put the pattern",
                "result | missing required parameter: 'ID'",
                "result u | 'u' is not a task id",
                "status --admin nowhere | --admin: 'nowhere' is not an address",
                "serve --workers 0 | workers is 0, allowed is 1..1024; see 'procpool serve --help'",
                "serve --workers many | invalid value for option '--workers': 'many' is not an int",
                "serve --routing random | --routing: 'random' is not a routing; there are least-busy and round-robin",
                "serve --listen 7420 | --listen: '7420' is not an address",
                "serve --max-payload 5x | --max-payload: '5x' is not a size; write for example 512, 64k, 10m or 1g",
                "torture --kills 0 | kills is 0, allowed is 1 to 100000; see 'procpool torture --help'",
                "torture --recorder perhaps | invalid value for option '--recorder': expected one of [on, off]",
                "torture --ring 5k | the flight recorder's ring size is 5120; it must be a power of two",
                "torture --text x | --text, --file, --handlers and --providers are for a task of yours",
                "torture --task a --text x --file y | the input is given twice; choose one of --text and --file",
                "serve --spares -1 | spares is -1, allowed is 0..1024",
                "serve --workers 1000 --spares 25 | workers is 1000 and spares is 25, together they may be 1024",
                "serve --run-timeout 1s --grace 2s | grace is 2s, longer than the run-timeout of 1s; lower grace",
                "serve --prefetch 0 | prefetch is 0, allowed is 1 and up",
                "serve --prefetch 513 | prefetch is 513, with 1024 recorder-claims it may be 512; lower prefetch",
                "serve --recorder-claims 64 | prefetch is 512, with 64 recorder-claims it may be 32; lower prefetch",
                "serve --recorder-claims 100 | the flight recorder's claims is 100; it must be a power of two from 16",
                "serve --recorder-ring 5k | the flight recorder's ring size is 5120; it must be a power of two from",
                "serve --recorder-ring 2k | the flight recorder's ring size is 2048; it must be a power of two from",
                "serve --recorder-ring 2g | the flight recorder's ring size is more than 1g",
                "serve --recorder-ring much | --recorder-ring: 'much' is not a size",
                "serve --recorder no | invalid value for option '--recorder': expected one of [on, off]",
                "serve --recorder off --recorder-ring 64k | is off, so there is nothing for --recorder-ring;",
                "serve --recorder off --recorder-claims 64 --recorder-dir /x | nothing for --recorder-claims and"
                        + " --recorder-dir; leave one out",
                "serve --recorder off --prefetch 8 | --recorder is off, so a worker is handed one task at a time",
                "serve --patience 20s | patience is 20s, longer than the hang-timeout of 10s; lower patience",
                "serve --patience soon | --patience: 'soon' is not a duration",
                "serve --hang-timeout 999ms | hang-timeout is 999ms, it must be at least 1s, or 0s for never",
                "serve --write-timeout 0s | write-timeout is 0us, it must be at least 1ms",
                "serve --max-restarts 0 | max-restarts is 0, allowed is 1 and up",
                "serve --restart-window 500ms | restart-window is 500ms, it must be at least 1s",
                "serve --autopsies 10001 | autopsies is 10001, allowed is 0..10000",
                "serve --archive off --cache-dir /x | --archive is off, so there is nothing for --cache-dir",
                "serve --handlers no/such.jar | no/such.jar do not exist; give a jar or a directory",
            })
    void one_line_says_what_is_wrong_when_the_command_line_makes_no_sense(String line, String message) {
        CommandRun run = CommandRun.of(line.split(" ", -1));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).startsWith("procpool: ").contains(message).hasLineCount(1);
        assertThat(run.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "bench --crash --boot | choose one of --crash and --boot; see 'procpool bench --help'",
                "bench --crash --window 4 | --crash and --boot go with --rounds, --worker-java and --json only",
                "bench --rounds 4 | --rounds and --worker-java are for --crash and --boot",
                "bench --boot --rounds 0 | rounds is 0, allowed is 1 to 100000",
                "bench --pairs 3 | --pairs, --windows and the relay's options are for --with-floors",
                "bench --with-floors --window 3 | --with-floors has --windows and --pairs, and one connection",
                "bench --flood 10 --rate 5 | --flood goes with",
                "bench --flood 0 | flood is 0, allowed is 1 to 1000000",
                "bench --flood-run 5ms | --flood-run is for --flood",
                "bench --storm --window 4 | --storm goes with --workers, --seconds and --json only",
                "bench --storm --rate 5 | --storm goes with --workers, --seconds and --json only",
                "bench --storm --seconds 0 | seconds is 0, it must be at least 1",
                "bench --library --slow-among 3 | choose one of --library and --slow-among",
                "bench --callers 3 | --callers is for --library",
                "bench --rate 5 --ramp | choose one of --rate and --ramp",
                "bench --mix echo | --mix: 'echo' is not a part of a mixture; write TASK:PAYLOAD*WEIGHT",
                "bench floors --flush never | invalid value for option '--flush': expected one of [batch, each]",
                "bench floors --task fib | the floors can do echo and reverse, not 'fib'",
                "bench compare no/a no/b | cannot read no/a (no/a (No such file or directory))",
            })
    void one_line_says_what_is_wrong_with_the_options_of_a_measurement(String line, String message) {
        one_line_says_what_is_wrong_when_the_command_line_makes_no_sense(line, message);
    }

    @Test
    void serve_names_every_option_of_the_pool_and_its_default_when_asked_for_help() {
        String help = CommandRun.of("serve", "--help").out().replaceAll("\\s+", " ");
        assertThat(help)
                .containsPattern("--spares=N .{1,150}default 1\\.")
                .containsPattern("--prefetch=N .{1,150}default 512\\.")
                .containsPattern("--patience=D .{1,150}default 5ms, 0s")
                .containsPattern("--hang-timeout=D .{1,150}default 10s, 0s")
                .containsPattern("--write-timeout=D .{1,150}default 10s\\.")
                .containsPattern("--max-restarts=N .{1,150}default 50\\.")
                .containsPattern("--restart-window=D .{1,150}default 60s\\.")
                .containsPattern("--recorder=on\\|off .{1,150}default on\\.")
                .containsPattern("--recorder-ring=SIZE .{1,150}default 512k\\.")
                .containsPattern("--recorder-claims=N .{1,150}default 1024\\.")
                .containsPattern("--recorder-dir=DIR .{1,150}default /dev/shm\\.")
                .containsPattern("--autopsies=N .{1,150}default 50\\.")
                .containsPattern("--archive=on\\|off .{1,150}default on\\.")
                .contains("--cache-dir=DIR")
                .containsPattern("-h, --help +Shows this. Prints one line");
    }

    @ParameterizedTest
    @CsvSource({"submit echo --server 127.0.0.1:1", "result 1 --server 127.0.0.1:1", "status --admin 127.0.0.1:1"})
    void the_exit_code_is_6_when_nobody_listens_there(String line) {
        CommandRun run = CommandRun.of(line.split(" ", -1));
        assertThat(run.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(run.err()).contains("127.0.0.1:1", "procpool serve").hasLineCount(1);
    }

    @Test
    void a_file_over_the_limit_is_refused_without_being_read(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("big");
        try (RandomAccessFile big = new RandomAccessFile(file.toFile(), "rw")) {
            big.setLength(3L << 30);
        }
        PayloadReader reader = new PayloadReader(64 << 20);
        assertThat(catchThrowableOfType(CliException.class, () -> reader.file(file)))
                .hasMessageContaining("big' has 3g, the server takes at most 64m")
                .extracting(CliException::exitCode)
                .isEqualTo(ExitCode.REFUSED);
    }
}
