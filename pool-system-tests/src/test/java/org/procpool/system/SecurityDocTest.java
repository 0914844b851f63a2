package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.samples.SampleHandlers;
import org.procpool.system.CodeBlock.Typed;
import org.procpool.system.Document.Section;

/** What docs/security.md tells people to type, typed. */
@ExtendWith(LeakCheck.class)
class SecurityDocTest {

    private static final String RESULT = "9227465";

    @Test
    void every_command_of_the_document_does_what_it_says() throws Exception {
        Process look = new ProcessBuilder("sh", "-c", "command -v openssl").start();
        Assumptions.assumeTrue(
                look.waitFor(Eventually.DEADLINE_SECONDS, TimeUnit.SECONDS) && look.exitValue() == 0,
                "there is no openssl here: the commands of docs/security.md are not tested");
        Map<String, String> small = Map.of("PROCPOOL_WORKERS", "1", "PROCPOOL_SPARES", "0");
        try (Shell shell = new Shell("a", small)) {
            Document.follow(
                    "docs/security.md",
                    Map.of(
                            "Beyond this machine", section -> authority(shell, section),
                            "Tokens", section -> tokens(shell, section),
                            "Another user", section -> confined(shell, section, Confinement.asNobody()),
                            "A sandbox", section -> confined(shell, section, Confinement.inSandbox())));
        }
    }

    /** Those of authority, service, token and client of the documentation understand each other, and nobody else. */
    private static void authority(Shell shell, Section section) throws Exception {
        serve(shell, section.next());
        String withToken = section.next().commands().get(0).command();
        assertThat(shell.type(withToken)).isEqualTo(RESULT);
        assertThat(shell.type(5, withToken.replaceFirst("--token-file \\S+", "")))
                .contains("asks for a token");

        serve(shell, section.next());
        String withCertificate = section.next().commands().get(0).command();
        assertThat(shell.type(withCertificate)).isEqualTo(RESULT);
        assertThat(shell.type(6, withCertificate.replaceFirst("--tls-cert .*", "")))
                .contains("there is no TLS with");
    }

    /** The last line starts the service. */
    private static void serve(Shell shell, CodeBlock block) throws Exception {
        List<Typed> typed = block.commands();
        for (Typed step : typed.subList(0, typed.size() - 1)) {
            shell.type(step.command());
        }
        shell.serve(typed.get(typed.size() - 1).command());
    }

    /** A file as it is shown, with tokens that are long enough. */
    private static void tokens(Shell shell, Section section) throws Exception {
        String filler = "0".repeat(28);
        Certificates.write("tokens", section.shown().replace("…", filler));
        Certificates.write("token", "1b6c" + filler);
        shell.serve("procpool serve --tokens tokens");
        assertThat(shell.type("procpool submit fib --text 35 --token-file token"))
                .isEqualTo(RESULT);
    }

    /** Where that cannot be done the words are read all the same. */
    private static void confined(Shell shell, Section section, boolean possible) throws Exception {
        Path handlers = Handlers.origin(SampleHandlers.class);
        String serve = section.next()
                .commands()
                .get(0)
                .command()
                .replace("/opt/handlers", handlers.toString())
                .replace("/opt/procpool", Cli.ROOT.toString());
        assertThat(shell.type(serve.replace("procpool serve", "procpool config show")))
                .contains(handlers.toString());
        if (possible) {
            // Directories of the test that another user may pass, but not see.
            for (Path directory : List.of(LeakCheck.runDirectory(), LeakCheck.memoryDirectory())) {
                Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
            }
            shell.serve(serve);
            assertThat(shell.type("procpool submit fib --text 35")).isEqualTo(RESULT);
        }
    }
}
