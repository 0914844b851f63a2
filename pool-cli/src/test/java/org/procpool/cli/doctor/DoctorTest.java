package org.procpool.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procpool.PoolOptions;
import org.procpool.cgroup.GroupOptions;
import org.procpool.cgroup.GroupUse;
import org.procpool.cli.doctor.Finding.Verdict;
import org.procpool.server.ServerOptions;

/** Machines made up of files. */
class DoctorTest {

    @TempDir
    Path root;

    private ServerOptions options;

    @BeforeEach
    void makeMachine() throws IOException {
        options = ServerOptions.defaults()
                .withPool(PoolOptions.defaults()
                        .withMemoryDirectory(Files.createDirectories(root.resolve("dev/shm")))
                        .withCacheDirectory(root.resolve("cache/not/yet"))
                        .withWorkers(2));
        file(
                "proc/self/limits",
                "Limit            Soft Limit   Hard Limit   Units\nMax open files   65536   65536   files");
        file("proc/self/mounts", "overlay / overlay rw 0 0\ntmpfs " + root.resolve("dev/shm") + " tmpfs rw 0 0");
        file("proc/self/cgroup", "0::/service");
        file("sys/fs/cgroup/cgroup.controllers", "cpu memory pids");
        file("sys/fs/cgroup/service/cgroup.controllers", "cpu memory pids");
        file("sys/fs/cgroup/service/cgroup.procs", "");
        file("proc/self/ns/user", "");
        file("proc/sys/user/max_user_namespaces", "100");
        file("run/systemd/system/x", "");
        program("setpriv");
        program("bwrap");
    }

    private void file(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void program(String name) throws IOException {
        file("usr/bin/" + name, "");
        assertThat(root.resolve("usr/bin/" + name).toFile().setExecutable(true)).isTrue();
    }

    private Doctor doctor() {
        return new Doctor(new Machine(root, Map.of("PATH", "/bin:/usr/bin")), options);
    }

    private Finding finding(String subject) {
        return doctor().findings().stream()
                .filter(finding -> finding.subject().equals(subject))
                .findFirst()
                .orElseThrow();
    }

    private void withPool(UnaryOperator<PoolOptions> change) {
        options = options.withPool(change.apply(options.pool()));
    }

    private void assertLoses(String subject, Verdict verdict, String found, String remedy) {
        Finding finding = finding(subject);
        assertThat(finding.verdict()).isEqualTo(verdict);
        assertThat(finding.found()).contains(found);
        assertThat(finding.loss()).isNotEmpty();
        assertThat(finding.remedy()).contains(remedy);
    }

    @Test
    void machine_that_has_all_is_not_complained_of() {
        assertThat(doctor().findings())
                .filteredOn(finding -> !finding.subject().equals("epoll"))
                .allMatch(finding -> finding.verdict() == Verdict.OK);
        assertThat(finding("control groups").found())
                .isEqualTo("version 2, with the memory controller, ours to divide");
        assertThat(finding("memory file system").found()).contains("free");
        assertThat(finding("class archive").found()).contains("made at the first start");
    }

    @Test
    void missing_setpriv_is_told_with_what_to_install_and_in_one_line_at_start() throws Exception {
        Files.delete(root.resolve("usr/bin/setpriv"));
        assertLoses("setpriv", Verdict.MISSING, "not on the PATH", "util-linux");
        assertThat(doctor().complaint()).contains("setpriv (not on the PATH)").doesNotContain("\n");
    }

    @Test
    void too_few_open_files_are_counted_against_clients_and_workers() throws Exception {
        file("proc/self/limits", "Max open files            1024                 4096                 files");
        assertLoses("open files", Verdict.MISSING, "1024 allowed, up to 4220 are used", "ulimit -n 4220");
    }

    @Test
    void memory_directory_on_a_disk_or_too_small_is_told() throws Exception {
        file("proc/self/mounts", "/dev/vda / ext4 rw 0 0");
        assertLoses("memory file system", Verdict.MISSING, "on a disk (ext4)", "tmpfs");
        withPool(pool -> pool.withMemoryDirectory(root.resolve("nowhere")));
        assertLoses("memory file system", Verdict.BROKEN, "nowhere", "--recorder-dir");
        withPool(pool -> pool.withRecorder(false));
        assertLoses("memory file system", Verdict.MISSING, "recorder is off", "--recorder on");
    }

    @Test
    void java_of_the_workers_that_cannot_be_executed_is_told() {
        withPool(pool -> pool.withJava(root.resolve("no-java")));
        assertLoses("Java", Verdict.BROKEN, "cannot be executed", "--worker-java");
    }

    @Test
    void control_groups_of_each_kind_are_told_apart() throws Exception {
        file("sys/fs/cgroup/service/cgroup.controllers", "cpu pids");
        assertLoses("control groups", Verdict.OPTIONAL, "version 2, without the memory controller", "Delegate=yes");
        Files.delete(root.resolve("sys/fs/cgroup/service/cgroup.procs"));
        assertLoses("control groups", Verdict.OPTIONAL, "not delegated", "Delegate=yes");
        Files.delete(root.resolve("sys/fs/cgroup/cgroup.controllers"));
        assertLoses("control groups", Verdict.OPTIONAL, "none", "systemd");
        file("proc/self/cgroup", "4:memory:/");
        Files.createDirectory(root.resolve("sys/fs/cgroup/memory"));
        assertLoses("control groups", Verdict.OPTIONAL, "version 1, with the memory controller, not delegated", "=yes");
        file("sys/fs/cgroup/memory/cgroup.procs", "");
        assertThat(finding("control groups"))
                .isEqualTo(Finding.ok("control groups", "version 1, with the memory controller, ours to divide"));
    }

    @Test
    void bound_that_is_asked_for_and_cannot_be_is_missing_or_keeps_the_service_from_starting() throws Exception {
        Files.delete(root.resolve("sys/fs/cgroup/service/cgroup.procs"));
        GroupOptions bound = GroupOptions.memory(512 << 20);
        withPool(pool -> pool.withPrograms(pool.programs().withGroups(bound)));
        assertLoses("control groups", Verdict.MISSING, "not delegated", "Delegate=yes");
        withPool(pool -> pool.withPrograms(pool.programs().withGroups(bound.withUse(GroupUse.REQUIRED))));
        assertLoses("control groups", Verdict.BROKEN, "not delegated", "Delegate=yes");
        withPool(pool -> pool.withPrograms(pool.programs().withGroups(bound.withUse(GroupUse.OFF))));
        assertLoses("control groups", Verdict.OPTIONAL, "not delegated", "Delegate=yes");
    }

    @Test
    void memory_is_divided_among_the_workers_where_it_is_bounded() throws Exception {
        file("proc/meminfo", "MemTotal:       25165824 kB\nMemFree: 1 kB");
        file("sys/fs/cgroup/service/memory.max", Long.toString(1L << 30));
        assertThat(finding("memory").found())
                .isEqualTo("1g (control group): 356m for the service, 3 workers of 160m heap and 60m beside it");
        file("sys/fs/cgroup/service/memory.max", "max");
        assertThat(finding("memory").found()).startsWith("24g (machine): 6").contains("3 workers of 1g heap");
        file("sys/fs/cgroup/service/memory.max", Long.toString(300 << 20));
        assertThat(finding("memory").verdict()).isEqualTo(Verdict.BROKEN);
    }

    @Test
    void sandbox_says_whether_the_kernel_or_the_program_is_missing() throws Exception {
        Files.delete(root.resolve("usr/bin/bwrap"));
        assertLoses("sandbox", Verdict.OPTIONAL, "user namespaces, no bubblewrap", "install bubblewrap");
        file("proc/sys/user/max_user_namespaces", "0");
        assertLoses("sandbox", Verdict.OPTIONAL, "no user namespaces", "sysctl");
    }
}
