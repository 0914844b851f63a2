package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.system.Cli.Service;

/** What the README tells people to type, typed. */
@ExtendWith(LeakCheck.class)
class ReadmeTest {

    private static ProcessBuilder bash(String script, Path directory) {
        ProcessBuilder builder = new ProcessBuilder("bash", "-euc", script).directory(directory.toFile());
        builder.environment().put("PROCPOOL", Cli.ROOT.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().merge("PATH", System.getProperty("java.home") + "/bin", (path, jdk) -> jdk + ":" + path);
        // The archives that make the next command start faster do not belong to a test.
        builder.environment().put("XDG_CACHE_HOME", "/dev/null");
        return builder;
    }

    private static List<String> run(ProcessBuilder builder) throws Exception {
        try (Program program = Program.start(builder)) {
            program.input().close();
            assertThat(program.exitCode()).as("%s", program.errorText()).isZero();
            return program.output();
        }
    }

    @Test
    void own_handler_answers_after_the_steps_of_the_readme() throws Exception {
        Cli.classPath();
        List<String> blocks = CodeBlocks.of("README.md", "Your own handler in five minutes");
        String submits = blocks.remove(blocks.size() - 1);
        String steps = String.join("", blocks).strip();
        int serveAt = steps.lastIndexOf('\n') + 1;
        String serve = steps.substring(serveAt);
        assertThat(serve).contains("bin/procpool\" serve");
        Path folder = LeakCheck.workDirectory();
        run(bash(steps.substring(0, serveAt), folder));
        Path my = folder.resolve("my");

        String ports = " --listen 127.0.0.1:0 --admin 127.0.0.1:0 --workers 1 --run-dir " + LeakCheck.runDirectory();
        try (Service service = Service.of(Program.start(bash("exec " + serve + ports, my)))) {
            ProcessBuilder submit = bash(submits, Cli.ROOT);
            submit.environment().putAll(service.environment());
            assertThat(String.join("", run(submit))).isEqualTo("IT WORKS!\"Hello, Hello, world\"");
            assertThat(service.terminate()).isZero();
        }
    }

    @Test
    void library_example_of_the_readme_compiles_and_does_what_it_says() throws Exception {
        String source = CodeBlocks.of("README.md", "As a library").get(0);
        String classPath = System.getProperty("java.class.path");
        Path jar = Compiled.jar(
                LeakCheck.workDirectory().resolve("example.jar"),
                Map.of("Example.java", source),
                Arrays.stream(classPath.split(":")).map(Path::of).toArray(Path[]::new));
        ProcessBuilder java = new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java", "-cp", jar + ":" + classPath, "Example");
        java.environment().put("XDG_RUNTIME_DIR", LeakCheck.runDirectory().toString());
        java.environment().remove("RUNTIME_DIRECTORY");
        List<String> output = run(java);
        assertThat(output).contains("stressed").anyMatch(line -> line.contains("exit code 42"));
        Directories.delete(LeakCheck.runDirectory().resolve("procpool"));
    }

    @Test
    void launcher_works_through_a_link_and_from_any_directory() throws Exception {
        Cli.classPath();
        Path link = LeakCheck.workDirectory().resolve("pp");
        Files.createSymbolicLink(link, Cli.ROOT.resolve("bin/procpool"));
        List<String> help = run(bash(link + " submit --help", LeakCheck.workDirectory()));
        assertThat(String.join("\n", help)).contains("procpool submit fib --text 35");
    }
}
