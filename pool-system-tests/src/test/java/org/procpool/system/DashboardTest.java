package org.procpool.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.ProcessPool;
import org.procpool.proto.Payload;
import org.procpool.server.security.SecurityOptions;
import org.procpool.task.Outcome;
import org.procpool.task.TaskSpec;

/** The dashboard, in a real browser, over a live pool. */
@ExtendWith(LeakCheck.class)
class DashboardTest {

    private static final double PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(Eventually.DEADLINE_SECONDS);

    private static Browsers browsers;

    /** What the browser had to complain about. */
    private final List<String> complaints = new ArrayList<>();

    @BeforeAll
    static void open_browser() {
        browsers = Browsers.start();
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
    }

    @AfterAll
    static void close_browser() {
        if (browsers != null) {
            browsers.close();
        }
    }

    private BrowserContext context(int width, int height, ColorScheme colors) {
        BrowserContext context = browsers.browser()
                .newContext(new Browser.NewContextOptions()
                        .setViewportSize(width, height)
                        .setDeviceScaleFactor(2)
                        .setColorScheme(colors));
        context.setDefaultTimeout(PATIENCE_MILLIS);
        return context;
    }

    private Page open(BrowserContext context, TestServer server) {
        Page page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        page.navigate("http://127.0.0.1:" + server.server().adminAddress().getPort() + "/");
        return page;
    }

    private static Locator live(Page page) {
        return page.locator("#link[data-link=on]");
    }

    private static String adminToken(TestServer server) throws Exception {
        int port = server.server().adminAddress().getPort();
        return Files.readString(LeakCheck.runDirectory().resolve("admin-" + port + ".token"))
                .strip();
    }

    private static void giveToken(Page page, String token) {
        page.locator("#token").click();
        page.locator("#ask-value").fill(token);
        page.locator("#ask-yes").click();
    }

    private static CompletableFuture<Outcome> submit(TestServer server, String task, String payload) {
        return server.server().pool().submit(TaskSpec.of(task, Payload.of(payload)));
    }

    @Test
    void crash_appears_and_its_autopsy_and_the_failed_task_open() throws Exception {
        try (TestServer server = TestServer.start();
                BrowserContext context = context(1280, 900, ColorScheme.LIGHT)) {
            Page page = open(context, server);
            live(page).waitFor();
            assertThat(page.locator("#workers .tile")).hasCount(2);

            submit(server, "exit", "42");

            Locator death = page.locator("#deaths button").first();
            death.waitFor();
            assertThat(death).containsText("CRASHED");
            death.click();
            assertThat(page.locator("#detail-text")).containsText("42");
            assertThat(page.locator("#detail-text")).containsText("exit");
            page.keyboard().press("Escape");
            assertThat(page.locator("#detail")).isHidden();

            submit(server, "refuse", "four");
            Locator failure = page.locator("#mishaps button", new Page.LocatorOptions().setHasText("refuse"));
            failure.focus();
            page.keyboard().press("Enter");
            assertThat(page.locator("#detail-text")).containsText("IllegalStateException");
            assertThat(complaints).isEmpty();
        }
    }

    @Test
    void pool_is_steered_with_the_admin_token() throws Exception {
        Path open = LeakCheck.workDirectory().resolve("open");
        try (TestServer server = TestServer.start();
                BrowserContext context = context(1280, 900, ColorScheme.LIGHT)) {
            ProcessPool pool = server.server().pool();
            Page page = open(context, server);
            live(page).waitFor();
            giveToken(page, adminToken(server));

            page.locator("#more").click();
            assertThat(page.locator("#workers .tile")).hasCount(3);
            page.locator("#pause").click();
            assertThat(page.locator("#state")).hasText("paused");
            page.locator("#pause").click();
            assertThat(page.locator("#state")).hasText("running");

            CompletableFuture<Outcome> gate = submit(server, "gate", open.toString());
            Pools.untilRunning(pool, "gate", 1);
            Locator busy = page.locator(".tile[data-state=busy]");
            assertThat(busy).containsText("gate");
            busy.getByText("Thread dump").click();
            assertThat(page.locator("#detail-text")).containsText("gate");
            page.keyboard().press("Escape");

            busy.getByText("Cancel").click();
            assertThat(gate.get(Eventually.DEADLINE_SECONDS, TimeUnit.SECONDS).succeeded())
                    .isFalse();

            page.locator("#roll").click();
            page.locator("#ask-yes").click();
            assertThat(page.locator("#toast")).hasText("All workers are replaced.");
            page.locator("#drain").click();
            page.locator("#ask-no").click();
            assertThat(page.locator("#state")).hasText("running");
            assertThat(complaints).isEmpty();
        }
    }

    @Test
    void phone_is_wide_enough_and_dark_where_it_is_asked_for() {
        try (TestServer server = TestServer.start();
                BrowserContext context = context(360, 780, ColorScheme.DARK)) {
            Page page = open(context, server);
            live(page).waitFor();
            page.locator("#deaths").scrollIntoViewIfNeeded();
            assertThat(page.evaluate("document.scrollingElement.scrollWidth <= window.innerWidth"))
                    .isEqualTo(true);
            assertThat(page.evaluate("getComputedStyle(document.body).backgroundColor"))
                    .isEqualTo("rgb(13, 15, 24)");
            page.locator("#theme").click();
            assertThat(page.evaluate("getComputedStyle(document.body).backgroundColor"))
                    .isEqualTo("rgb(245, 246, 250)");
            assertThat(complaints).isEmpty();
        }
    }

    @Test
    void everything_that_can_be_used_has_a_name() {
        try (TestServer server = TestServer.start();
                BrowserContext context = context(1280, 900, ColorScheme.LIGHT)) {
            Page page = open(context, server);
            page.locator("#workers .tile").first().waitFor();
            Object nameless = page.evaluate("[...document.querySelectorAll('button, [role=img], progress, section')]"
                    + ".filter((one) => !(one.getAttribute('aria-label') || one.getAttribute('aria-labelledby')"
                    + " || one.textContent.trim())).map((one) => one.outerHTML)");
            assertThat((List<?>) nameless).isEmpty();
        }
    }

    @Test
    void page_asks_for_a_token_where_the_service_does_and_forgets_it_with_the_tab() throws Exception {
        Path tokens = LeakCheck.workDirectory().resolve("tokens");
        String eyes = HexFormat.of().formatHex(new byte[16]);
        Files.writeString(tokens, "eyes read " + eyes + "\n");
        Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
        try (TestServer server = TestServer.start(options ->
                        options.withSecurity(SecurityOptions.defaults().withTokens(tokens)));
                BrowserContext context = context(1280, 900, ColorScheme.LIGHT)) {
            Page page = open(context, server);
            page.locator("#ask-value").fill(eyes);
            page.keyboard().press("Enter");
            live(page).waitFor();
            assertThat(page.evaluate("document.cookie + JSON.stringify(localStorage)"))
                    .isEqualTo("{}");
            assertThat(complaints).isNotEmpty().allMatch(text -> text.contains("401"));
        }
    }

    @Test
    void page_comes_back_by_itself_when_the_service_does() throws Exception {
        try (BrowserContext context = context(1280, 900, ColorScheme.LIGHT)) {
            Page page;
            int port;
            try (TestServer server = TestServer.start()) {
                port = server.server().adminAddress().getPort();
                page = open(context, server);
                live(page).waitFor();
            }
            page.locator("#link[data-link=off]").waitFor();
            try (TestServer again = TestServer.start(
                    options -> options.withAdmin(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)))) {
                live(page).waitFor();
                assertThat(page.locator("#state")).hasText("running");
                assertThat(again.snapshot().workers()).isNotEmpty();
            }
        }
    }

    /** Makes the pictures of the documentation; {@code bin/screenshots} runs it. */
    @Test
    @EnabledIfEnvironmentVariable(named = "TEST_SCREENSHOTS", matches = ".+")
    void pictures_of_a_pool_at_work() throws Exception {
        Path images = Cli.ROOT.resolve(System.getenv("TEST_SCREENSHOTS"));
        Files.createDirectories(images);
        try (TestServer server = TestServer.ofPool(
                        pool -> pool.withWorkers(5).withSpares(1).withRestartsMax(1000));
                BrowserContext light = context(1360, 1060, ColorScheme.LIGHT);
                BrowserContext dark = context(1360, 1060, ColorScheme.DARK);
                BrowserContext phone = context(390, 844, ColorScheme.LIGHT)) {
            try (Load load = Load.on(server.server().pool())) {
                load.untilSeconds(30);
                picture(light, server, images.resolve("dashboard-light.png"));
                picture(dark, server, images.resolve("dashboard-dark.png"));
                picture(phone, server, images.resolve("dashboard-phone.png"));
            }
        }
        assertThat(complaints).isEmpty();
    }

    private void picture(BrowserContext context, TestServer server, Path file) {
        Page page = open(context, server);
        page.locator("#deaths button").first().waitFor();
        page.locator(".tile[data-state=busy]").first().waitFor();
        // Fifteen seconds, until the strips of the tiles have something to show.
        Eventually.until(
                "it has been looked at",
                () -> page.evaluate("performance.now() > 15000").equals(true));
        page.screenshot(new Page.ScreenshotOptions().setPath(file));
        page.close();
    }
}
