package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.system.Cli.Ended;
import org.procpool.system.Cli.Service;

/** Workers that are kept apart from the supervisor: in a sandbox, as another user. With the sample tasks. */
@ExtendWith(LeakCheck.class)
class ConfinementTest {

    private static final String SANDBOX =
            Cli.ROOT.resolve("examples/sandbox/procpool-bwrap").toString();

    private static Service serve(String... more) throws Exception {
        // What other users may pass, but not see.
        Files.setPosixFilePermissions(LeakCheck.memoryDirectory(), PosixFilePermissions.fromString("rwx--x--x"));
        return Service.of(Cli.start(Map.of(), Service.words(more)));
    }

    private static String status(long pid, String key) throws Exception {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith(key + ":"))
                .findFirst()
                .orElse("");
    }

    /** The JVMs below a service, wherever a sandbox has put them. */
    private static List<Long> workers(Service service) {
        return ProcessHandle.of(service.program.pid())
                .orElseThrow()
                .descendants()
                .filter(process -> process.info().command().orElse("").endsWith("/java"))
                .map(ProcessHandle::pid)
                .toList();
    }

    private static void assertCrashCostsOneTask(Service service) throws Exception {
        assertThat(service.run("submit", "uppercase", "--text", "inside").output())
                .isEqualTo("INSIDE");
        List<Long> before = workers(service);
        assertThat(before).isNotEmpty();
        for (long worker : before) {
            new ProcessBuilder("kill", "-9", Long.toString(worker)).start().waitFor();
        }
        Eventually.untilAsserted(
                "others have come",
                () -> assertThat(workers(service)).isNotEmpty().doesNotContainAnyElementsOf(before));
        assertThat(service.run("submit", "fib", "--text", "20").output()).isEqualTo("6765");
    }

    @Test
    void sandboxed_worker_works_and_sees_neither_network_nor_processes_nor_files() throws Exception {
        Assumptions.assumeTrue(Confinement.inSandbox(), "no bubblewrap, or no user namespaces, here");
        String prefix = SANDBOX + " {dir} {socket} {page} {handlers} --";
        try (Service service = serve("--worker-command-prefix", prefix, "--archive", "off")) {
            assertCrashCostsOneTask(service);
            long jvm = workers(service).get(0);
            for (String namespace : List.of("net", "pid", "mnt", "ipc")) {
                assertThat(Files.readSymbolicLink(Path.of("/proc/" + jvm + "/ns/" + namespace)))
                        .isNotEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/" + namespace)));
            }
            Path secret = Files.writeString(LeakCheck.workDirectory().resolve("secret"), "x");
            assertThat(Path.of("/proc", Long.toString(jvm), "root", secret.toString()))
                    .doesNotExist();
            Ended late = service.run("submit", "sleep", "--text", "1m", "--timeout", "300ms");
            assertThat(late.exitCode()).as(late.errors()).isEqualTo(3);
            assertThat(service.terminate()).isZero();
        }
    }

    @Test
    void sandbox_that_does_not_start_ends_the_start_with_what_it_said() throws Exception {
        Path broken = Files.writeString(
                LeakCheck.workDirectory().resolve("broken"), "#!/bin/sh\necho no namespaces here\nexit 1\n");
        Files.setPosixFilePermissions(broken, PosixFilePermissions.fromString("rwxr-xr-x"));
        Ended ended =
                Cli.run(Map.of(), Service.words("--worker-command-prefix", broken.toString(), "--boot-attempts", "1"));
        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.errors()).contains("no namespaces here");
        Ended missing = Cli.run(Map.of(), Service.words("--worker-command-prefix", "no-such-sandbox"));
        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.errors()).contains("the worker-command-prefix, no-such-sandbox, is not on the PATH");
    }

    @Test
    void worker_of_another_user_works_and_cannot_read_what_is_the_supervisors() throws Exception {
        Assumptions.assumeTrue(Confinement.asNobody(), "not root, or another user cannot read what was built");
        try (Service service = serve("--worker-user", "nobody", "--archive", "off")) {
            assertCrashCostsOneTask(service);
            long jvm = workers(service).get(0);
            assertThat(status(jvm, "Uid")).contains("65534\t65534\t65534\t65534");
            assertThat(status(jvm, "Groups").strip()).isEqualTo("Groups:");
            assertThat(status(jvm, "NoNewPrivs")).endsWith("1");
            assertThat(Confinement.asNobodySucceeds(
                            "cat",
                            LeakCheck.runDirectory()
                                    .resolve("admin-" + service.adminPort() + ".token")
                                    .toString()))
                    .isFalse();
            service.program.signal("KILL");
            service.program.exitCode();
            Eventually.until("the kernel has killed it", () -> Processes.isGone(jvm));
        }
        try (Service next = serve("--worker-user", "nobody", "--archive", "off")) {
            assertThat(next.terminate()).isZero();
        }
    }

    @Test
    void user_that_is_not_there_or_is_root_is_wrong_usage() throws Exception {
        Ended missing = Cli.run(Map.of(), Service.words("--worker-user", "no-such-user-here"));
        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.errors()).contains("worker-user is 'no-such-user-here'");
    }
}
