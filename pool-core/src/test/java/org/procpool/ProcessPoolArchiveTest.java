package org.procpool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procpool.process.WorkerClassPath;

@Timeout(200)
class ProcessPoolArchiveTest {

    @TempDir
    Path temp;

    private Path cache;

    @BeforeEach
    void needJarsAndProc() throws IOException {
        Assumptions.assumeTrue(
                WorkerClassPath.locate().stream().allMatch(Files::isRegularFile),
                "no archive can hold classes of directories, and the build has not packed them yet");
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/maps")), "only Linux tells which files a JVM maps");
        cache = temp.resolve("cache");
    }

    private ProcessPool pool(boolean archive) {
        return ProcessPool.builder()
                .with(o -> o.withCacheDirectory(cache).withArchive(archive).withSpares(0))
                .workers(1)
                .providers(TestHandlers.class)
                .build();
    }

    private List<Path> archives() throws IOException {
        if (!Files.exists(cache)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(cache)) {
            return files.filter(file -> !file.toString().contains("unfinished")).toList();
        }
    }

    private static String maps(ProcessPool pool) throws Exception {
        String pid = pool.submit("pid", "").get(30, TimeUnit.SECONDS).payload().text();
        return Files.readString(Path.of("/proc", pid, "maps"));
    }

    @Test
    void archive_is_made_in_the_background_and_the_next_worker_boots_from_it() throws Exception {
        try (ProcessPool pool = pool(true)) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(90))
                    .until(() -> !archives().isEmpty());
            Path archive = archives().get(0);
            assertThat(maps(pool)).doesNotContain(archive.toString());

            pool.submit("halt", "9").get(30, TimeUnit.SECONDS);
            assertThat(maps(pool)).contains(archive.toString());
        }
        try (ProcessPool next = pool(true)) {
            assertThat(maps(next)).contains(archives().get(0).toString());
        }
        try (ProcessPool without = pool(false)) {
            assertThat(maps(without)).doesNotContain(cache.toString());
        }
    }
}
