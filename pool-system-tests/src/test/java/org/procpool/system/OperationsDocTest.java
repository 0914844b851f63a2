package org.procpool.system;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.system.CodeBlock.Typed;
import org.procpool.system.Document.Section;

/** What docs/operations.md tells people to type, typed: for one service or, where the document starts one, for that. */
@ExtendWith(LeakCheck.class)
class OperationsDocTest {

    private static Path file() {
        return LeakCheck.workDirectory().resolve("procpool.yaml");
    }

    @Test
    void every_command_of_the_document_does_what_it_says() throws Exception {
        Files.writeString(file(), "workers: 1\nspares: 0\n");
        try (Shell shell = Shell.of("a").with("PROCPOOL_CONFIG", file());
                Shell elastic = Shell.of("b").with("PROCPOOL_WORKERS", 1).with("PROCPOOL_SPARES", 0);
                Shell limited = Shell.of("c").with("PROCPOOL_SPARES", 0);
                Shell bounded = Shell.of("d")
                        .with("PROCPOOL_SPARES", 0)
                        .with("PROCPOOL_WORKER_JVM_ARGS", "-XX:MaxDirectMemorySize=1g")) {
            List<String> quarantine = CodeBlocks.of("docs/operations.md", "Quarantine");
            shell.serve(quarantine.get(0).lines().findFirst().orElseThrow().substring(2));
            Document.follow(
                    "docs/operations.md",
                    Map.ofEntries(
                            entry("Sizing", section -> sizing(shell, section)),
                            entry("As a package, under systemd", OperationsDocTest::installing),
                            entry("Settings", section -> settings(shell, section)),
                            entry("The machine", section -> machine(shell, section)),
                            entry("The log", section -> death(shell, section)),
                            entry("The report", section -> report(shell, section)),
                            entry("What it printed", section -> printed(shell, section)),
                            entry("Replacements, and DEGRADED", section -> retry(shell, section)),
                            entry("STUCK", section -> shell.type(section.next())),
                            entry("Limits for clients", section -> limits(limited, section)),
                            entry("A hard bound on memory", section -> hardBound(bounded, section)),
                            entry("Looking on", section -> looks(shell, section)),
                            entry("Why a task does not run", section -> explanation(shell, section)),
                            entry("More workers, or fewer", section -> shell.type(section.next())),
                            entry("As many workers as there is work for", section -> elasticity(elastic, section)),
                            entry("Pause", section -> shell.type(section.next())),
                            entry("Quarantine", section -> quarantine(shell, section)),
                            entry("Rolling restart", section -> shell.type(section.next())),
                            entry("One worker", section -> shell.type(section.next())),
                            entry("Affinity", section -> shell.type(section.next()))));
        }
    }

    private static void sizing(Shell shell, Section section) throws Exception {
        String memory = section.shown().replace("(control group)", "(machine)");
        assertThat(Shape.of(shell.type("procpool status").replace("(control group)", "(machine)")))
                .contains(Shape.of(memory));
    }

    private static void installing(Section section) throws Exception {
        section.excuse(
                "it needs root and systemd",
                "deploy/test-systemd",
                Map.of(
                        "mvn -B -DskipTests package", "mvn -B -DskipTests package",
                        "sudo apt install ./deploy/target/procpool_0.1.0_all.deb", "apt install --yes ./deploy/target/",
                        "sudo systemctl enable --now procpool", "systemctl enable --now procpool\n",
                        "systemctl status procpool", "systemctl status procpool"));
    }

    private static void settings(Shell shell, Section section) throws Exception {
        shell.type(section.next());
        Files.writeString(file(), "#\n#\nwokers: 4\nrun-timeout: 5\n#\n#\nworkers: 0\n");
        assertThat(shell.type(2, "procpool config check procpool.yaml"))
                .isEqualTo(section.shown().strip());
        Files.writeString(file(), "workers: 2\nspares: 1\nqueue-limit: 1000\n");
        assertThat(shell.type("procpool reload")).isEqualTo(section.shown().strip());
    }

    private static void machine(Shell shell, Section section) throws Exception {
        String said = shell.type("procpool doctor");
        String finding = "(ok|missing|optional) +[^:]+: ";
        assertThat((said + "\n" + section.shown()).lines())
                .allMatch(line -> line.matches(finding + ".+|          (lost: {4}|remedy: {2})\\S.+"));
        assertThat(said).containsPattern(finding.replace("[^:]+", "setpriv"));
        assertThat(said).containsPattern(finding.replace("[^:]+", "open files"));
        assertThat(said).containsPattern(finding.replace("[^:]+", "control groups"));
    }

    private static JsonNode ask(Shell shell, String path) throws IOException {
        URI uri = URI.create("http://127.0.0.1:" + shell.service().adminPort() + path);
        try (InputStream answer = uri.toURL().openStream()) {
            return new ObjectMapper().readTree(answer);
        }
    }

    /** The places of the workers that have begun with a task. */
    private static List<Integer> busy(Shell shell) throws IOException {
        List<Integer> busy = new ArrayList<>();
        for (JsonNode task : ask(shell, "/api/tasks").path("tasks")) {
            if (task.path("state").asText().equals("running")) {
                busy.add(task.path("worker").asInt());
            }
        }
        return busy;
    }

    private static void awaitBusy(Shell shell, int count) {
        Eventually.until(count + " tasks run", () -> busy(shell).size() == count);
    }

    private static long pid(Shell shell, int worker) throws IOException {
        for (JsonNode shown : ask(shell, "/api/status").path("workers")) {
            if (shown.path("id").asInt() == worker) {
                return shown.path("pid").asLong();
            }
        }
        throw new AssertionError("there is no worker " + worker);
    }

    /** Kills a worker amid a task. */
    private static void death(Shell shell, Section section) throws Exception {
        try (Program submit = shell.begin("procpool submit sleep --text 1m")) {
            awaitBusy(shell, 1);
            Processes.signal(pid(shell, busy(shell).get(0)), "KILL");
            assertThat(submit.exitCode()).isEqualTo(4);
        }
        String said = shell.service().program.line(".*state=exited.*").group().replace("name=sleep", "name=sha256");
        assertThat(Shape.of(said)).endsWith(Shape.of(section.shown()));
    }

    private static void report(Shell shell, Section section) throws Exception {
        CodeBlock look = section.next();
        shell.type(look);
        String said = shell.type(look.commands().get(0).command()).replace("(sleep, ", "(sha256, ");
        assertThat(Shape.of(said)).startsWith(Shape.of(section.shown()));
    }

    private static void printed(Shell shell, Section section) throws Exception {
        shell.type(1, "procpool submit print-and-throw --text 'corrupt EXIF data in segment 3'");
        String said = shell.service()
                .program
                .line("worker=.*\\| corrupt EXIF.*")
                .group()
                .replace("print-and-throw", "thumbnail");
        assertThat(Shape.of(said)).isEqualTo(Shape.of(section.shown()));
    }

    private static void retry(Shell shell, Section section) throws Exception {
        Typed typed = section.next().commands().get(0);
        Program submit = shell.begin(typed.command());
        section.atTheEnd(() -> {
            try (submit) {
                assertThat(submit.exitCode()).isEqualTo(1);
                assertThat(submit.text()).contains("FAILED");
            }
        });
    }

    private static void limits(Shell shell, Section section) throws Exception {
        shell.serve(section.next().commands().get(0).command());
        assertThat(shell.type("procpool submit uppercase --text served")).isEqualTo("SERVED");
        assertThat(shell.service().terminate()).isZero();
    }

    /** Where workers can have no control groups, the service says so, and nothing more can be seen. */
    private static void hardBound(Shell shell, Section section) throws Exception {
        Program service = shell.serve(section.next().commands().get(0).command()).program;
        String inForce = service.line("with 512m of memory at most|max-worker-memory of 512m bounds only the heap")
                .group();
        String shown = section.shown();
        if (inForce.startsWith("with")) {
            assertThat(shell.type(4, "procpool submit hoard-native --text x")).contains(shown.strip());
        }
        assertThat(shell.service().terminate()).isZero();
    }

    /** These commands never end by themselves. */
    private static void looks(Shell shell, Section section) throws Exception {
        for (Typed typed : section.next().commands()) {
            try (Program look = shell.begin(typed.command())) {
                look.line(typed.command().contains("events") ? "worker w1.1 .*ready" : "running");
            }
        }
    }

    private static void explanation(Shell shell, Section section) throws Exception {
        List<String> running = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            running.add(shell.type("procpool submit sleep --text 1m --detach"));
        }
        awaitBusy(shell, 2);
        shell.type("procpool pause");
        shell.type("procpool submit sha256 --text x --priority 3 --detach");
        String id = shell.type("procpool submit sha256 --text x --priority 2 --detach");
        Typed typed = section.next().commands().get(0);
        Shell.assertAnswer(typed, shell.type(typed.command().replaceFirst("\\S+$", id)));
        shell.type("procpool resume");
        for (String task : running) {
            shell.type("procpool cancel " + task);
        }
    }

    private static void elasticity(Shell shell, Section section) throws Exception {
        List<Typed> typed = section.next().commands();
        String[] resized = section.shown().split("\n");
        shell.serve(typed.get(0).command());
        for (Typed command : typed.subList(1, typed.size())) {
            shell.type(command.command());
        }
        Program service = shell.service().program;
        assertThat(Shape.of(
                        service.line("pool=\\S+ workers=.* before=.*: a task.*").group()))
                .isEqualTo(Shape.of(resized[0]));
        section.atTheEnd(() -> assertThat(Shape.of(service.line("pool=\\S+ workers=.* before=.*: somebody.*")
                        .group()))
                .isEqualTo(Shape.of(resized[1])));
    }

    /** The service runs, with the task that kills its workers; five that are lost, one that is refused, and so on. */
    private static void quarantine(Shell shell, Section section) throws Exception {
        List<Typed> typed = section.next().commands();
        shell.type(4, typed.get(1).command());
        Shell.assertAnswer(typed.get(2), shell.type(5, typed.get(2).command()));
        for (Typed command : typed.subList(3, typed.size())) {
            Shell.assertAnswer(command, shell.type(command.command()));
        }
    }
}
