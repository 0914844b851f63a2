package org.procpool.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.procpool.PoolOptions;
import org.procpool.cgroup.ControlGroups;
import org.procpool.cgroup.GroupOptions;
import org.procpool.cgroup.GroupUse;
import org.procpool.cli.doctor.Finding.Verdict;
import org.procpool.link.Transport;
import org.procpool.process.MachineMemory;
import org.procpool.process.MemoryPlan;
import org.procpool.server.ServerOptions;
import org.procpool.task.Sizes;

/** Looks at a machine with the eyes of a service. Stateless but for the machine. */
public final class Doctor {

    /** Of the service itself, beside its clients and workers. */
    private static final int OWN_FILES = 100;

    private static final int FILES_PER_WORKER = 8;

    private final Machine machine;
    private final ServerOptions options;

    Doctor(Machine machine, ServerOptions options) {
        this.machine = machine;
        this.options = options;
    }

    /** For this machine, and a service with these options. */
    public static Doctor ofThisMachine(ServerOptions options) {
        return new Doctor(new Machine(Path.of("/"), System.getenv()), options);
    }

    /** All that there is to say, the most important things first. */
    public List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        findings.add(java());
        findings.add(archive());
        findings.add(memoryFileSystem());
        findings.add(setpriv());
        findings.add(transport());
        findings.add(openFiles());
        findings.add(memory());
        findings.add(controlGroups());
        findings.add(namespaces());
        findings.add(systemd());
        return findings;
    }

    /** What matters at the start of a service, in one line; null if nothing is amiss. */
    public @Nullable String complaint() {
        List<String> amiss = findings().stream()
                .filter(finding -> finding.verdict() == Verdict.MISSING || finding.verdict() == Verdict.BROKEN)
                .map(finding -> finding.subject() + " (" + finding.found() + ")")
                .toList();
        return amiss.isEmpty()
                ? null
                : "not as it should be here: " + String.join(", ", amiss)
                        + "; 'procpool doctor' says what is lost and what to do";
    }

    // ---- what workers run on

    private Finding java() {
        String release = Runtime.version().toString();
        Path workers = options.pool().java();
        if (!Files.isExecutable(workers)) {
            return new Finding(
                    "Java",
                    Verdict.BROKEN,
                    release + "; " + workers + " cannot be executed",
                    "no worker starts",
                    "give a java of 17 or newer with --worker-java");
        }
        return Finding.ok("Java", release + " in " + System.getProperty("java.home") + ", workers by " + workers);
    }

    private Finding archive() {
        PoolOptions pool = options.pool();
        String loss = "workers boot two to three times slower";
        if (!pool.archive()) {
            return new Finding("class archive", Verdict.MISSING, "switched off", loss, "--archive on");
        }
        Path place = pool.cacheDirectory().toAbsolutePath();
        Path there = place;
        while (there.getParent() != null && !Files.exists(there)) {
            there = there.getParent();
        }
        return Files.isWritable(there)
                ? Finding.ok("class archive", place + (there.equals(place) ? "" : ", made at the first start"))
                : new Finding(
                        "class archive",
                        Verdict.MISSING,
                        there + " cannot be written",
                        loss,
                        "give a place with --cache-dir");
    }

    private Finding memoryFileSystem() {
        PoolOptions pool = options.pool();
        String subject = "memory file system";
        if (!pool.recorder()) {
            return new Finding(
                    subject,
                    Verdict.MISSING,
                    "not used, the recorder is off",
                    "a worker is handed one task at a time",
                    "--recorder on");
        }
        Path place = pool.memoryDirectory();
        try {
            pool.recorderOptions().checkRoom(place, 2 * (pool.workers() + pool.spares()));
            String free = Sizes.format(Files.getFileStore(place).getUsableSpace());
            String type = machine.fileSystem(place.toString());
            return type.isEmpty() || type.equals("tmpfs") || type.equals("ramfs")
                    ? Finding.ok(subject, place + ", " + free + " free")
                    : new Finding(
                            subject,
                            Verdict.MISSING,
                            place + " is on a disk (" + type + ")",
                            "each task may wait for the disk",
                            "mount a tmpfs there, or give one with --recorder-dir");
        } catch (IOException e) {
            return new Finding(
                    subject,
                    Verdict.BROKEN,
                    String.valueOf(e.getMessage()),
                    "the service does not start",
                    "give a place with --recorder-dir, in a container more of it (--shm-size), or --recorder off");
        }
    }

    private Finding setpriv() {
        String program = machine.program("setpriv");
        return program != null
                ? Finding.ok("setpriv", program)
                : new Finding(
                        "setpriv",
                        Verdict.MISSING,
                        "not on the PATH",
                        "a worker that is stopped or in native code outlives a supervisor that was killed",
                        "install util-linux");
    }

    private static Finding transport() {
        return Transport.best() == Transport.EPOLL
                ? Finding.ok("epoll", "Netty's native transport works")
                : new Finding(
                        "epoll",
                        Verdict.MISSING,
                        "Netty's native transport does not work, the JDK's is used",
                        "some speed, the check of who connects as a worker, and systemd's notifications and sockets",
                        "run it on Linux with glibc, on x86_64 or aarch64");
    }

    // ---- limits

    private Finding openFiles() {
        long limit = machine.limit("Max open files");
        PoolOptions pool = options.pool();
        long needed = OWN_FILES + options.connectionsMax() + (long) FILES_PER_WORKER * (pool.workers() + pool.spares());
        return limit < 0 || limit >= needed
                ? Finding.ok("open files", limit < 0 ? "no limit is known" : limit + ", up to " + needed + " are used")
                : new Finding(
                        "open files",
                        Verdict.MISSING,
                        limit + " allowed, up to " + needed + " are used",
                        "clients beyond that cannot connect",
                        "ulimit -n " + needed + ", LimitNOFILE= in the unit, or a lower --max-connections");
    }

    private Finding memory() {
        MachineMemory memory = machine.memory();
        if (memory.bytes() == 0 || !options.pool().programs().workerCommand().isEmpty()) {
            return Finding.ok("memory", memory.bytes() == 0 ? "not known" : Sizes.format(memory.bytes()));
        }
        MemoryPlan plan = MemoryPlan.of(
                        memory,
                        // What a JVM takes if nobody says otherwise.
                        memory.bytes() / 4,
                        options.pool().workers() + options.pool().spares(),
                        options.pool().programs().workerHeapBytes(),
                        options.pool().workerJvmArgs())
                .within(options.pool().programs().groups().memoryBytesMax());
        String found = Sizes.format(memory.bytes()) + " (" + memory.source() + "): "
                + Sizes.format(plan.supervisorBytes()) + " for the service, " + plan.workers() + " workers of "
                + Sizes.format(plan.heapBytes()) + " heap and " + Sizes.format(MemoryPlan.BESIDE_BYTES) + " beside it";
        return plan.refusal() == null && plan.warning() == null
                ? Finding.ok("memory", found)
                : new Finding(
                        "memory",
                        plan.refusal() == null ? Verdict.MISSING : Verdict.BROKEN,
                        found,
                        plan.refusal() == null ? "the kernel may kill one of them" : "the service does not start",
                        "more memory, fewer --workers and --spares, or another --worker-heap");
    }

    // ---- what the kernel and systemd add

    private Finding controlGroups() {
        ControlGroups groups = machine.controlGroups();
        if (groups.boundMemory()) {
            return Finding.ok("control groups", groups.found());
        }
        GroupOptions wanted = options.pool().programs().groups();
        boolean bound = wanted.use() != GroupUse.OFF && wanted.memoryBytesMax() > 0;
        boolean required = bound && wanted.use() == GroupUse.REQUIRED;
        return new Finding(
                "control groups",
                required ? Verdict.BROKEN : bound ? Verdict.MISSING : Verdict.OPTIONAL,
                groups.found(),
                required
                        ? "the service does not start"
                        : "no bound on the memory of a worker by the kernel (--max-worker-memory), and a worker that"
                                + " it killed for the machine's memory looks like one that somebody killed",
                "let systemd run the service with Delegate=yes on a machine with control groups 2");
    }

    private Finding namespaces() {
        boolean allowed = !machine.text("/proc/sys/user/max_user_namespaces").equals("0")
                && !machine.text("/proc/sys/kernel/unprivileged_userns_clone").equals("0")
                && machine.exists("/proc/self/ns/user");
        String bubblewrap = machine.program("bwrap");
        if (allowed && bubblewrap != null) {
            return Finding.ok("sandbox", "user namespaces, " + bubblewrap);
        }
        return new Finding(
                "sandbox",
                Verdict.OPTIONAL,
                (allowed ? "user namespaces" : "no user namespaces") + ", "
                        + (bubblewrap == null ? "no bubblewrap" : bubblewrap),
                "workers cannot be shut off from files and network by a command before theirs",
                allowed ? "install bubblewrap" : "allow user namespaces (sysctl user.max_user_namespaces)");
    }

    private Finding systemd() {
        if (!machine.variable("NOTIFY_SOCKET").isEmpty()) {
            return Finding.ok("systemd", "runs this service");
        }
        return machine.exists("/run/systemd/system")
                ? Finding.ok("systemd", "runs this machine; the package has a unit")
                : new Finding(
                        "systemd",
                        Verdict.OPTIONAL,
                        "does not run this machine",
                        "nobody starts the service again if it gets stuck or is killed",
                        "have something else watch /healthz");
    }
}
