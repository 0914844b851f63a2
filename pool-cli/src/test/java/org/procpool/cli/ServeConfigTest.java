package org.procpool.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.procpool.cli.config.ConfigException;
import org.procpool.cli.config.ConfigOption;
import org.procpool.server.ServerOptions;
import picocli.CommandLine;

/** Settings from a file, from variables and from flags, and what is said of those that are wrong. */
class ServeConfigTest {

    @TempDir
    Path directory;

    private Path file(String... lines) throws IOException {
        return Files.write(directory.resolve("procpool.yaml"), List.of(lines));
    }

    private static ServerOptions options(Map<String, String> environment, String... flags) {
        CommandLine serve = CommandTable.serve(Console.system());
        ServeConfig.read(List.of(flags), environment).apply(serve);
        serve.parseArgs(flags);
        return ((ServeCommand) serve.getCommand()).options();
    }

    private List<String> problems(Path file) {
        ServeConfig config = ServeConfig.read(List.of("--config", file.toString()), Map.of());
        ConfigException e = catchThrowableOfType(ConfigException.class, config::checkTogether);
        assertThat(e).isNotNull();
        return e.problems();
    }

    // ---- who wins

    @Test
    void flag_wins_over_variable_and_variable_over_file() throws Exception {
        Path file = file("workers: 3", "spares: 3", "prefetch: 3", "run-timeout: 3s");
        Map<String, String> environment = Map.of("PROCPOOL_SPARES", "4", "PROCPOOL_PREFETCH", "4");
        ServerOptions options = options(environment, "--config", file.toString(), "--prefetch", "5");
        assertThat(options.pool().workers()).isEqualTo(3);
        assertThat(options.pool().spares()).isEqualTo(4);
        assertThat(options.pool().prefetchMax()).isEqualTo(5);
        assertThat(options.pool().runTimeoutNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(3));
    }

    @Test
    void file_is_named_by_the_flag_or_else_by_a_variable() throws Exception {
        Map<String, String> environment =
                Map.of("PROCPOOL_CONFIG", file("workers: 7").toString());
        assertThat(options(environment).pool().workers()).isEqualTo(7);
        Path other = Files.writeString(directory.resolve("other.yaml"), "workers: 9");
        assertThat(options(environment, "--config=" + other).pool().workers()).isEqualTo(9);
    }

    @Test
    void lists_switches_and_words_with_a_meaning_in_old_yaml_are_read_as_written() throws Exception {
        Path file = file(
                "providers: [a.B, c.D]",
                "insecure: true",
                "recorder: off",
                "worker-jvm-args: '-Dkey=${HOME} -Dprice=$5'",
                "listen: 127.0.0.1:1");
        ServerOptions options = options(Map.of(), "--config", file.toString());
        assertThat(options.pool().providers()).containsExactly("a.B", "c.D");
        assertThat(options.security().insecure()).isTrue();
        assertThat(options.pool().recorder()).isFalse();
        assertThat(options.pool().workerJvmArgs()).containsExactly("-Dkey=${HOME}", "-Dprice=$5");
        assertThat(options.listen().getPort()).isOne();
    }

    @Test
    void file_with_nothing_but_comments_changes_nothing() throws Exception {
        Path file = file("# workers: 3", "");
        assertThat(options(Map.of(), "--config", file.toString())).isEqualTo(options(Map.of()));
    }

    // ---- what is wrong

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "wokers: 4           | unknown setting 'wokers' (did you mean 'workers'?)",
                "nothing-like-it: 4  | unknown setting 'nothing-like-it'",
                "workers: many       | workers: 'many' is not allowed here, it must be a whole number",
                "workers: 0          | workers is 0, allowed is 1..1024",
                "run-timeout: 5      | run-timeout: '5' is not a duration; write for example 500ms, 2s",
                "queue-bytes: 5 MB   | queue-bytes: '5 MB' is not a size; write for example 512, 64k",
                "recorder: yes       | recorder: 'yes' is not allowed here, it must be one of on, off",
                "insecure: perhaps   | insecure: 'perhaps' is not allowed here, it must be one of true, false",
                "routing: random     | routing: 'random' is not a routing",
                "recorder-ring: 1000 | ring size is 1000; it must be a power of two from 4096",
                "listen: 0.0.0.0:1   | --listen 0.0.0.0 can be reached from other machines",
                "workers:            | workers has no value",
                "workers: [1, 2]     | workers takes one value, not a list",
                "workers: {a: b}     | workers must have one value",
                "handlers: /no/such  | the handlers /no/such do not exist",
                "workers: '4         | not YAML",
            })
    void mistake_is_told_with_its_file_and_line(String line, String sentence) throws Exception {
        Path file = file("# first", "spares: 2", line);
        assertThat(problems(file))
                .singleElement()
                .asString()
                .startsWith(file + ":")
                .contains(sentence);
        assertThat(problems(file)).singleElement().asString().containsPattern(":[34]: ");
    }

    @Test
    void all_mistakes_are_told_at_once() throws Exception {
        Path file = file("wokers: 4", "spares: -1", "grace: 3s", "run-timeout: 2s", "spares: 1", "prefetch: x");
        assertThat(problems(file))
                .satisfiesExactlyInAnyOrder(
                        problem -> assertThat(problem).startsWith(file + ":1: unknown"),
                        problem -> assertThat(problem).startsWith(file + ":4: grace is 3s, longer than"),
                        problem ->
                                assertThat(problem).startsWith(file + ":5: spares was set before, at " + file + ":2"),
                        problem -> assertThat(problem).startsWith(file + ":6: prefetch"));
    }

    @Test
    void wrong_variable_is_named() {
        ServeConfig config = ServeConfig.read(List.of(), Map.of("PROCPOOL_WORKERS", "0", "PROCPOOL_WINDOW", "x"));
        ConfigException e = catchThrowableOfType(ConfigException.class, config::checkTogether);
        assertThat(e.problems())
                .anySatisfy(problem -> assertThat(problem).startsWith("PROCPOOL_WORKERS: workers is 0"));
        assertThat(e.problems()).anySatisfy(problem -> assertThat(problem).startsWith("PROCPOOL_WINDOW: window: 'x'"));
    }

    @Test
    void variable_that_is_nearly_a_setting_is_warned_of_and_others_are_not() {
        ServeConfig config = ServeConfig.read(
                List.of(), Map.of("PROCPOOL_WROKERS", "3", "PROCPOOL_SERVER", "x", "PROCPOOL_COLOUR_SCHEME", "red"));
        assertThat(config.warnings())
                .containsExactly("the variable PROCPOOL_WROKERS is not a setting (did you mean 'PROCPOOL_WORKERS'?)");
    }

    @Test
    void check_command_exits_with_2_and_tells_each_mistake_in_a_line_or_says_that_all_is_well() throws Exception {
        CommandRun bad =
                CommandRun.of("config", "check", file("wokers: 4", "spares: x").toString());
        assertThat(bad.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(bad.err().lines()).hasSize(2).allMatch(line -> line.startsWith("procpool: " + directory));
        CommandRun good = CommandRun.of("config", "check", file("workers: 4").toString());
        assertThat(good.err()).contains("is in order");
        assertThat(good.exitCode()).isZero();
        CommandRun missing =
                CommandRun.of("config", "check", directory.resolve("none").toString());
        assertThat(missing.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(missing.err()).contains("is not there");
    }

    @Test
    void service_does_not_start_with_a_wrong_file() throws Exception {
        CommandRun run = CommandRun.of("serve", "--config", file("wokers: 4").toString());
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("procpool.yaml:1: unknown setting 'wokers' (did you mean 'workers'?)");
        CommandRun outOfRange =
                CommandRun.of("serve", "--config", file("", "workers: 0").toString());
        assertThat(outOfRange.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(outOfRange.err()).contains("procpool.yaml:2: workers is 0");
    }

    // ---- what is in force

    @Test
    void show_tells_the_value_and_where_it_comes_from() throws Exception {
        Path file = file("# x", "spares: 3", "window: 5");
        CommandRun run = CommandRun.of("config", "show", "--config", file.toString(), "--window", "6", "--insecure");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .containsPattern("\nspares +restart +3 +" + file + ":2\n")
                .containsPattern("\nwindow +live +6 +--window\n")
                .containsPattern("\ninsecure +restart +true +--insecure\n")
                .containsPattern("\nqueue-limit +live +100000 +default\n");
        CommandRun json = CommandRun.of("config", "show", "--json", "--config", file.toString());
        assertThat(json.out()).contains("\"spares\":{\"value\":\"3\",\"source\":\"" + file + ":2\",\"live\":false}");
    }

    /** Which those are is found out by trying, so that a list can be wrong in the documentation only. */
    @Test
    void settings_that_change_live_are_those_of_the_documentation() throws Exception {
        String table = Files.readString(Path.of("../docs/operations.md"))
                .split("\\| setting \\| once it has changed \\|\n", 2)[1]
                .split("\n\n", 2)[0];
        List<String> documented = Pattern.compile("^\\| (.*?) \\|", Pattern.MULTILINE)
                .matcher(table)
                .results()
                .flatMap(row ->
                        Pattern.compile("`([a-z-]+)`").matcher(row.group(1)).results())
                .map(name -> name.group(1))
                .toList();
        assertThat(new LiveSettings().names()).containsExactlyInAnyOrderElementsOf(documented);
    }

    // ---- one declaration

    static List<ConfigOption> all() {
        return ServeConfig.options().all();
    }

    /** A value that the option takes. */
    private static String value(ConfigOption option) {
        String literal = option.literalDefault();
        if (literal != null) {
            return literal;
        }
        return switch (option.label()) {
            case "N" -> "2";
            case "D" -> "2s";
            case "SIZE" -> "64k";
            case "HOST:PORT" -> "127.0.0.1:1";
            default -> option.label().replaceFirst("\\|.*", "").replace("'", "");
        };
    }

    @ParameterizedTest
    @MethodSource("all")
    void option_can_stand_in_the_file_and_in_a_variable_as_in_a_flag(ConfigOption option) throws Exception {
        Path file = file(option.name() + ": " + value(option));
        ServeConfig fromFile = ServeConfig.read(List.of("--config", file.toString()), Map.of());
        ServeConfig fromVariable = ServeConfig.read(List.of(), Map.of(option.variable(), value(option)));
        fromFile.check();
        fromVariable.check();
        assertThat(fromFile.inForce().get(option.name()).value()).isEqualTo(value(option));
        assertThat(fromVariable.inForce().get(option.name()).value()).isEqualTo(value(option));
    }

    @ParameterizedTest
    @MethodSource("all")
    void default_that_the_help_names_is_the_one_in_force(ConfigOption option) {
        String literal = option.literalDefault();
        if (literal != null) {
            assertThat(options(Map.of(), option.flag() + "=" + literal))
                    .as("'%s' says of its default: %s", option.flag(), option.description())
                    .isEqualTo(options(Map.of()));
        }
    }

    @Test
    void shipped_file_and_schema_are_those_of_the_options() throws Exception {
        List<String> commands = new ArrayList<>(List.of("example", "schema"));
        for (String command : commands) {
            String name = command.equals("schema") ? "procpool.schema.json" : "procpool.yaml";
            assertThat(Path.of("../deploy").resolve(name))
                    .as("an option has changed; run: bin/procpool config %s > deploy/%s", command, name)
                    .content()
                    .isEqualTo(CommandRun.of("config", command).out());
        }
    }

    @Test
    void shipped_file_is_in_order_as_it_is_and_with_each_default_uncommented() throws Exception {
        assertThat(CommandRun.of("config", "check", "../deploy/procpool.yaml").exitCode())
                .isZero();
        List<String> lines = new ArrayList<>();
        for (ConfigOption option : all()) {
            if (option.literalDefault() != null) {
                lines.add(option.name() + ": " + option.literalDefault());
            }
        }
        CommandRun run = CommandRun.of(
                "config", "check", file(lines.toArray(String[]::new)).toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(Files.readString(Path.of("../deploy/procpool.yaml")))
                .contains(lines.stream().map(line -> "\n#" + line + "\n").toList());
    }
}
