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
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.procpool.PoolListener.WorkerReady;
import org.procpool.PoolOptions;
import org.procpool.conductor.PoisonLimits;

/**
 * How long workers take from launch to Ready, one after another, with and without an archive of their classes, beside a
 * fork of Node if that is installed: the three take turns, so that all see the same machine. What is measured is the
 * replacement of a worker in a pool that is up; the very first one also waits for the sum of its archive.
 */
public final class BootBench {

    /** Columns of a sample. */
    private static final int MILLIS = 0;

    private static final int RESIDENT_KIB = 1;

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
     * Some boots.
     *
     * @param residentKib median of the processes' resident memory, at the end of the boot
     */
    public record Boots(int count, double minMillis, double medianMillis, double maxMillis, long residentKib) {}

    /**
     * How workers compare to forks of Node, taken pair by pair; medians.
     *
     * @param boot of the times
     * @param resident of the memory
     */
    public record Ratio(double boot, double resident) {}

    /**
     * What came of it.
     *
     * @param java executable of the workers
     * @param withArchive null if no archive could be made, from directories of classes for example
     * @param node null if there is no Node
     * @param toNode of workers with archive, or without if there is none; null if there is no Node
     */
    public record Report(
            Path java,
            Boots plain,
            @Nullable Boots withArchive,
            @Nullable Boots node,
            @Nullable Ratio toNode) {}

    /**
     * Launches that many of each.
     *
     * @param options for the pool; its workers, spares, archive and cache directory are not looked at
     * @param directory empty; the archive goes there
     * @param launches of each kind, from 1
     * @param progress told how many of each are done, on the calling thread
     */
    public static Report run(PoolOptions options, Path directory, int launches, IntConsumer progress)
            throws BenchException, IOException, InterruptedException {
        Path cache = directory.resolve("cache");
        PoolOptions one = options.withWorkers(1)
                .withSpares(0)
                .withRestartsMax(100_000)
                .withPoison(PoisonLimits.DEFAULT.withDeaths(0))
                .withCacheDirectory(cache);
        List<double[]> plain = new ArrayList<>();
        List<double[]> archive = new ArrayList<>();
        List<double[]> node = new ArrayList<>();
        Files.createDirectories(cache, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try (WatchService watch = cache.getFileSystem().newWatchService();
                RebootingPool without = RebootingPool.start(one.withArchive(false));
                RebootingPool with = startWithArchive(one.withArchive(true), cache, watch)) {
            boolean archived = hasArchive(cache);
            for (int i = 0; i < launches; i++) {
                plain.add(sample(without.reboot()));
                if (archived) {
                    archive.add(sample(with.reboot()));
                }
                double[] forked = forkNode(directory);
                if (forked != null) {
                    node.add(forked);
                }
                progress.accept(i + 1);
            }
            return new Report(
                    options.java(),
                    boots(plain),
                    archived ? boots(archive) : null,
                    node.isEmpty() ? null : boots(node),
                    ratio(archived ? archive : plain, node));
        }
    }

    private static double[] sample(WorkerReady ready) throws IOException {
        return new double[] {ready.bootMillis(), residentKib(ready.pid())};
    }

    private static Boots boots(List<double[]> samples) {
        double[] millis = sorted(samples, MILLIS);
        double[] resident = sorted(samples, RESIDENT_KIB);
        return new Boots(
                millis.length,
                millis[0],
                Spread.median(millis),
                millis[millis.length - 1],
                Math.round(Spread.median(resident)));
    }

    private static double[] sorted(List<double[]> samples, int column) {
        return samples.stream().mapToDouble(sample -> sample[column]).sorted().toArray();
    }

    private static @Nullable Ratio ratio(List<double[]> ours, List<double[]> node) {
        if (node.size() != ours.size()) {
            return null;
        }
        List<double[]> ratios = new ArrayList<>();
        for (int i = 0; i < ours.size(); i++) {
            ratios.add(new double[] {
                ours.get(i)[MILLIS] / node.get(i)[MILLIS], ours.get(i)[RESIDENT_KIB] / node.get(i)[RESIDENT_KIB]
            });
        }
        return new Ratio(Spread.median(sorted(ratios, MILLIS)), Spread.median(sorted(ratios, RESIDENT_KIB)));
    }

    /** Up, and its archive is there if there can be one. */
    private static RebootingPool startWithArchive(PoolOptions options, Path cache, WatchService watch)
            throws BenchException, IOException, InterruptedException {
        WatchKey changes = cache.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ARCHIVE_SECONDS_MAX);
        RebootingPool pool = RebootingPool.start(options);
        try {
            while (!hasArchive(cache) && watch.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS) != null) {
                changes.pollEvents();
                changes.reset();
            }
            return pool;
        } catch (IOException | InterruptedException e) {
            pool.close();
            throw e;
        }
    }

    private static boolean hasArchive(Path cache) throws IOException {
        try (Stream<Path> files = Files.list(cache)) {
            return files.anyMatch(file -> file.toString().matches(".*\\.(jsa|aot)"));
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
