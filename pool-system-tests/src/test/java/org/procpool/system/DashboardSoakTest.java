package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.ProcessPool;

/**
 * A page that stays open for minutes while the pool does all it can: it keeps its size, and gets its four messages a
 * second. Run with {@code -Dsoak=MINUTES}; what it has seen each half minute stands in {@code target/soak.txt}.
 */
@ExtendWith(LeakCheck.class)
@EnabledIfSystemProperty(named = "soak", matches = "[1-9]\\d*")
class DashboardSoakTest {

    private static final long SAMPLE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long CRASH_NANOS = TimeUnit.SECONDS.toNanos(7);
    private static final int IN_FLIGHT = 1_000;
    private static final double MESSAGES_A_SECOND_MAX = 4.2;
    private static final long GROWTH_BYTES_MAX = 2 << 20;

    /** Each message of the service is parsed, and nothing else while nobody clicks. */
    private static final String COUNT_MESSAGES = "window.messages = 0; const parse = JSON.parse;"
            + " JSON.parse = (text) => { window.messages++; return parse(text); };";

    private record Sample(long heapBytes, long elements, double messagesASecond, double tasksASecond) {

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "heap %.2f MiB, %d elements, %.2f messages/s, %,.0f tasks/s%n",
                    heapBytes / (double) (1 << 20),
                    elements,
                    messagesASecond,
                    tasksASecond);
        }
    }

    private static void load(ProcessPool pool) throws InterruptedException {
        Semaphore room = new Semaphore(IN_FLIGHT);
        long nextCrash = System.nanoTime() + CRASH_NANOS;
        while (!Thread.currentThread().isInterrupted()) {
            boolean crash = System.nanoTime() > nextCrash;
            nextCrash += crash ? CRASH_NANOS : 0;
            room.acquire();
            pool.submit(crash ? "exit" : "echo", crash ? "42" : "x").whenComplete((outcome, failure) -> room.release());
        }
    }

    private static long number(Page page, String expression) {
        return ((Number) page.evaluate(expression)).longValue();
    }

    private static List<Sample> watch(Page page, ProcessPool pool, Path file) throws IOException {
        List<Sample> samples = new ArrayList<>();
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(Long.getLong("soak"));
        long from = System.nanoTime();
        long messages = number(page, "window.messages");
        long tasks = pool.snapshot().totals().succeeded();
        while (System.nanoTime() < end) {
            long next = from + SAMPLE_NANOS;
            Eventually.until("half a minute is over", () -> System.nanoTime() > next);
            page.evaluate("gc()");
            long now = System.nanoTime();
            long messagesNow = number(page, "window.messages");
            long tasksNow = pool.snapshot().totals().succeeded();
            double seconds = (now - from) / 1e9;
            Sample sample = new Sample(
                    number(page, "performance.memory.usedJSHeapSize"),
                    number(page, "document.getElementsByTagName('*').length"),
                    (messagesNow - messages) / seconds,
                    (tasksNow - tasks) / seconds);
            samples.add(sample);
            Files.writeString(file, sample.toString(), StandardOpenOption.APPEND);
            from = now;
            messages = messagesNow;
            tasks = tasksNow;
        }
        return samples;
    }

    @Test
    void page_keeps_its_size_while_the_pool_does_all_it_can() throws Exception {
        Path file = Files.writeString(Cli.ROOT.resolve("pool-system-tests/target/soak.txt"), "");
        try (Browsers browsers = Browsers.start("--enable-precise-memory-info", "--js-flags=--expose-gc");
                TestServer server = TestServer.ofPool(pool -> pool.withSpares(1).withRestartsMax(100_000));
                BrowserContext context = browsers.browser().newContext()) {
            ProcessPool pool = server.server().pool();
            Thread load = new Thread(
                    () -> {
                        try {
                            load(pool);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    },
                    "load");
            load.start();
            context.addInitScript(COUNT_MESSAGES);
            Page page = context.newPage();
            page.navigate("http://127.0.0.1:" + server.server().adminAddress().getPort() + "/");
            page.locator("#link[data-link=on]").waitFor();
            List<Sample> samples;
            try {
                samples = watch(page, pool, file);
            } finally {
                load.interrupt();
                load.join();
            }
            assertThat(samples)
                    .allSatisfy(sample -> assertThat(sample.messagesASecond).isLessThan(MESSAGES_A_SECOND_MAX));
            // The first half minute fills its lists.
            assertThat(samples.get(samples.size() - 1).heapBytes - samples.get(0).heapBytes)
                    .isLessThan(GROWTH_BYTES_MAX);
        }
    }
}
