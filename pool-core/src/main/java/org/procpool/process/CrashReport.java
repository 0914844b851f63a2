package org.procpool.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a JVM wrote about its own crash.
 *
 * @param head of the report, at most 16 KiB; empty if there is none
 * @param file where the whole of it is kept; empty if it could not be
 */
record CrashReport(String head, String file) {

    private static final Logger LOG = LoggerFactory.getLogger(CrashReport.class);
    private static final CrashReport NONE = new CrashReport("", "");
    private static final String GLOB = "*hs_err_pid*.log";
    private static final int HEAD_BYTES_MAX = 16 * 1024;
    private static final int KEPT_MAX = 20;

    /**
     * Looks for a report in a dead worker's directory and moves it to where it outlives that.
     *
     * @param pid of the worker: its own report wins over those of JVMs that it started
     * @param kept a directory, made if need be; of all pools that use it, the newest 20 reports stay
     * @param name what the report is called there, before its own name
     */
    static CrashReport collect(Path directory, long pid, Path kept, String name) {
        if (!Files.isDirectory(directory)) {
            // Its handler has removed it.
            return NONE;
        }
        try {
            Path own = directory.resolve("hs_err_pid" + pid + ".log");
            Path report = Files.isRegularFile(own, LinkOption.NOFOLLOW_LINKS) ? own : newest(directory);
            if (report == null) {
                return NONE;
            }
            return new CrashReport(head(report), keep(report, kept, name));
        } catch (IOException e) {
            LOG.warn("the crash report of {} is lost: {}", name, e.toString());
            return NONE;
        }
    }

    private static @Nullable Path newest(Path directory) throws IOException {
        List<Path> reports = newestFirst(directory);
        return reports.isEmpty() ? null : reports.get(0);
    }

    private static String head(Path report) throws IOException {
        try (InputStream in = Files.newInputStream(report, LinkOption.NOFOLLOW_LINKS)) {
            return new String(in.readNBytes(HEAD_BYTES_MAX), StandardCharsets.UTF_8);
        }
    }

    private static String keep(Path report, Path kept, String name) {
        try {
            Files.createDirectories(kept);
            Files.setPosixFilePermissions(kept, PosixFilePermissions.fromString("rwx------"));
            Path target = Files.move(report, kept.resolve(name + "-" + report.getFileName()));
            List<Path> reports = newestFirst(kept);
            for (Path old : reports.subList(Math.min(KEPT_MAX, reports.size()), reports.size())) {
                Files.deleteIfExists(old);
            }
            return target.toString();
        } catch (IOException e) {
            LOG.warn("the crash report {} cannot be kept in {}: {}", report.getFileName(), kept, e.toString());
            return "";
        }
    }

    private static List<Path> newestFirst(Path directory) throws IOException {
        Map<Path, FileTime> times = new HashMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, GLOB)) {
            for (Path file : files) {
                // The worker may be another user's, and a link of its making lead to what only we may read.
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    times.put(file, Files.getLastModifiedTime(file));
                }
            }
        }
        List<Path> reports = new ArrayList<>(times.keySet());
        reports.sort(Comparator.comparing((Path file) -> times.getOrDefault(file, FileTime.fromMillis(0)))
                .reversed());
        return reports;
    }
}
