package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.system.Cli.Ended;
import org.procpool.system.Cli.Service;

/** What docs/security.md tells people to type for TLS, typed. */
@ExtendWith(LeakCheck.class)
class SecurityDocTest {

    private static final String RESULT = "9227465";

    private static List<String> blocks() throws Exception {
        Process look = new ProcessBuilder("sh", "-c", "command -v openssl").start();
        Assumptions.assumeTrue(
                look.waitFor(Eventually.DEADLINE_SECONDS, TimeUnit.SECONDS) && look.exitValue() == 0,
                "there is no openssl here: the commands of docs/security.md are not tested");
        return CodeBlocks.of("docs/security.md", "Beyond this machine").stream()
                .map(block -> block.replace("\\\n", " "))
                .toList();
    }

    private static Path directory() {
        return LeakCheck.workDirectory();
    }

    /** Runs the lines of a block but for its last, which starts the service; that one is started on a free port. */
    private static Service serve(String block) throws Exception {
        String steps = block.strip();
        int last = steps.lastIndexOf('\n') + 1;
        ProcessBuilder bash = new ProcessBuilder("bash", "-euc", steps.substring(0, last))
                .directory(directory().toFile());
        try (Program program = Program.start(bash)) {
            program.input().close();
            assertThat(program.exitCode()).as(program.errorText()).isZero();
        }
        List<String> words = words(steps.substring(last).replace("0.0.0.0:7420", "0.0.0.0:0"), "procpool serve");
        return Service.of(start(Map.of(), Service.words(words.toArray(String[]::new))));
    }

    private static List<String> words(String line, String command) {
        assertThat(line).startsWith(command + " ");
        return new ArrayList<>(
                List.of(line.strip().substring(command.length() + 1).split(" +")));
    }

    private static Program start(Map<String, String> environment, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(Cli.words(false, arguments))
                .directory(directory().toFile());
        builder.environment().putAll(environment);
        return Program.start(builder);
    }

    private static Ended submit(Service service, String line) throws Exception {
        String port = service.address().substring(service.address().lastIndexOf(':'));
        List<String> words = words(line.replace("localhost:7420", "localhost" + port), "procpool submit");
        String[] all = Stream.concat(Stream.of("submit"), words.stream()).toArray(String[]::new);
        try (Program program = start(Map.of(), all)) {
            program.input().close();
            int exitCode = program.exitCode();
            return new Ended(exitCode, program.text(), program.errorText());
        }
    }

    @Test
    void authority_service_token_and_client_of_the_documentation_understand_each_other() throws Exception {
        List<String> blocks = blocks();
        assertThat(blocks.get(2)).startsWith("openssl req");
        String withToken = blocks.get(1);
        String withCertificate = blocks.get(3);
        try (Service service = serve(blocks.get(0))) {
            Ended good = submit(service, withToken);
            assertThat(good.output()).as(good.errors()).isEqualTo(RESULT);
            Ended nobody = submit(service, withToken.replaceFirst("--token-file \\S+", ""));
            assertThat(nobody.errors()).contains("asks for a token");
            assertThat(service.terminate()).isZero();
        }
        try (Service service = serve(blocks.get(2))) {
            Ended good = submit(service, withCertificate);
            assertThat(good.output()).as(good.errors()).isEqualTo(RESULT);
            Ended nobody = submit(service, withCertificate.replaceFirst("--tls-cert .*", ""));
            assertThat(nobody.errors()).contains("there is no TLS with");
            assertThat(service.terminate()).isZero();
        }
    }
}
