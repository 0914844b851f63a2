package org.procpool.system;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A browser without a screen, which the machine has or the test is skipped. */
final class Browsers implements AutoCloseable {

    private static final String SKIP = "no Chromium on this machine; install it with bin/install-test-tools";

    private final Playwright playwright;
    private final Browser browser;

    private Browsers(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    /**
     * Skips the test where there is none, unless {@code TEST_BROWSER=required}: then that is a failure.
     *
     * @param arguments of the browser, beyond those that it needs here
     */
    static Browsers start(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"));
        all.addAll(List.of(arguments));
        Path chromium = Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        if (chromium == null) {
            if ("required".equals(System.getenv("TEST_BROWSER"))) {
                fail(SKIP);
            }
            abort(SKIP);
        }
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Browser browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium)
                        .setArgs(all));
        return new Browsers(playwright, browser);
    }

    Browser browser() {
        return browser;
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
