package org.procpool.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.procpool.PoolOptions;
import org.procpool.ProcessPool;
import org.procpool.task.WorkerSnapshot;

/**
 * How long workers take from launch to Ready, one after another, with and without an archive of their classes, beside a
 * fork of Node if that is installed: the three take turns, so that all see the same machine.
 */
public final class BootBench {

    private static final long READY_SECONDS_MAX = 60;
    private static final long ARCHIVE_SECONDS_MAX = 60;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    /** Forks a child that says one word, and prints the milliseconds until it came and the child's resident KiB. */
    private static final String NODE_SCRIPT = """
            const { fork } = require('child_process');
            const fs = require('fs');
            const child = process.env.PROCPOOL_BENCH_CHILD;
            fs.writeFileSync(child, "process.send('ready'); process.on('message', () => {});");
            const start = performance.now();
            const forked = fork(child);
            forked.on('message', () => {
              const millis = performance.now() - start;
              const status = fs.readFileSync('/proc/' + forked.pid + '/status', 'utf8');
              console.log(millis + ' ' + status.match(/VmRSS:\\s+(\\d+)/)[1]);
              forked.kill('SIGKILL');
            });
            """;

    private BootBench() {}

    /**
     * Milliseconds of some boots.
     *
     * @param residentKib of the last process, at the end of its boot
     */
    public record Boots(int count, double minMillis, double medianMillis, double maxMillis, long residentKib) {}

    /**
     * What came of it.
     *
     * @param withArchive null if no archive could be made, from directories of classes for example
     * @param node null if there is no Node
     */
    public record Report(
            Boots plain,
            @Nullable Boots withArchive,
            @Nullable Boots node) {}

    /**
     * Launches that many of each.
     *
     * @param options for the pool; its workers, archive and cache directory are not looked at
     * @param directory empty; the archive goes there
     * @param launches of each kind, from 1
     */
    public static Report run(PoolOptions options, Path directory, int launches)
            throws IOException, InterruptedException {
        Path cache = directory.resolve("cache");
        PoolOptions one = options.withWorkers(1).withCacheDirectory(cache);
        boolean archived = makeArchive(one, cache);
        List<double[]> plain = new ArrayList<>();
        List<double[]> archive = new ArrayList<>();
        List<double[]> node = new ArrayList<>();
        for (int i = 0; i < launches; i++) {
            plain.add(boot(one.withArchive(false)));
            if (archived) {
                archive.add(boot(one.withArchive(true)));
            }
            double[] forked = forkNode(directory);
            if (forked != null) {
                node.add(forked);
            }
        }
        return new Report(boots(plain), archived ? boots(archive) : null, node.isEmpty() ? null : boots(node));
    }

    private static Boots boots(List<double[]> samples) {
        double[] millis =
                samples.stream().mapToDouble(sample -> sample[0]).sorted().toArray();
        return new Boots(millis.length, millis[0], millis[millis.length / 2], millis[millis.length - 1], (long)
                samples.get(samples.size() - 1)[1]);
    }

    /** Keeps a pool up until its archive is there. */
    private static boolean makeArchive(PoolOptions options, Path cache) throws IOException, InterruptedException {
        Files.createDirectories(cache, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ARCHIVE_SECONDS_MAX);
        try (WatchService watch = cache.getFileSystem().newWatchService()) {
            WatchKey changes = cache.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
            try (ProcessPool pool =
                    ProcessPool.builder().options(options.withArchive(true)).build()) {
                while (!hasArchive(cache)) {
                    if (watch.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS) == null
                            || pool.terminated().isDone()) {
                        return false;
                    }
                    changes.pollEvents();
                    changes.reset();
                }
                return true;
            }
        }
    }

    private static boolean hasArchive(Path cache) throws IOException {
        try (Stream<Path> files = Files.list(cache)) {
            return files.anyMatch(file -> file.toString().matches(".*\\.(jsa|aot)"));
        }
    }

    /** Milliseconds to Ready and resident KiB then, of a pool's only worker. */
    private static double[] boot(PoolOptions options) throws IOException {
        try (ProcessPool pool = ProcessPool.builder().options(options).build()) {
            WorkerSnapshot worker = pool.snapshot().workers().get(0);
            return new double[] {worker.bootMillis(), residentKib(worker.pid())};
        }
    }

    /** 0 where there is no {@code /proc}. */
    private static long residentKib(long pid) throws IOException {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        if (!Files.exists(status)) {
            return 0;
        }
        for (String line : Files.readAllLines(status, StandardCharsets.ISO_8859_1)) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return 0;
    }

    private static double @Nullable [] forkNode(Path directory) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder("node", "-e", NODE_SCRIPT).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment()
                .put("PROCPOOL_BENCH_CHILD", directory.resolve("child.js").toString());
        Process node;
        try {
            node = builder.start();
        } catch (IOException e) {
            return null;
        }
        try (BufferedReader output = node.inputReader(StandardCharsets.UTF_8)) {
            String line = output.readLine();
            boolean ended = node.waitFor(READY_SECONDS_MAX, TimeUnit.SECONDS);
            if (!ended || line == null) {
                return null;
            }
            return Arrays.stream(line.split(" ", -1))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
        } finally {
            node.destroyForcibly();
        }
    }
}
