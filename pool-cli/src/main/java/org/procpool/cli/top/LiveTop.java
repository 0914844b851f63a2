package org.procpool.cli.top;

import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.procpool.cli.text.OneLine;

/**
 * The live view in a terminal. The thread that runs it owns all state and draws; those that read the service and the
 * keyboard hand it work.
 */
public final class LiveTop {

    private static final long RETRY_MILLIS = 1_000;
    private static final long HEARTBEAT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int INBOX_MAX = 64;

    private final TopService service;
    private final long intervalNanos;
    private final TopView view;
    private final Watched watched = new Watched();
    private final TopState state = new TopState();
    private final BlockingQueue<Runnable> inbox = new ArrayBlockingQueue<>(INBOX_MAX);

    private final ScheduledExecutorService feeder =
            Executors.newSingleThreadScheduledExecutor(work -> thread("feed", work));

    private boolean ended;
    /** Something happened that must be seen at once. */
    private boolean urgent = true;
    /** The first line to the service could not be opened; then it ends with that. */
    private TopService.@Nullable LostException failure;

    /**
     * A view that has not begun.
     *
     * @param palette what the terminal can show
     * @param intervalNanos how long a picture stands at least, if nothing special happens
     */
    private LiveTop(TopService service, Palette palette, long intervalNanos) {
        this.service = service;
        this.intervalNanos = intervalNanos;
        this.view = new TopView(palette, ZoneId.systemDefault(), service.address());
    }

    /**
     * Shows the service until somebody has seen enough.
     *
     * @param intervalNanos how long a picture stands at least, if nothing special happens
     * @throws TopService.LostException if there is no service at first; later it waits until there is one again
     * @throws IOException if the terminal cannot be had
     */
    public static void run(TopService service, long intervalNanos) throws IOException, TopService.LostException {
        new LiveTop(service, Palette.of(System.getenv()), intervalNanos).show();
    }

    private void show() throws IOException, TopService.LostException {
        try (TopScreen screen = TopScreen.open(() -> post(() -> ended = true), () -> post(this::resized))) {
            feeder.scheduleWithFixedDelay(this::feed, 0, RETRY_MILLIS, TimeUnit.MILLISECONDS);
            thread("keys", () -> listen(screen)).start();
            loop(screen);
        } finally {
            feeder.shutdownNow();
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static Thread thread(String role, Runnable work) {
        Thread thread = new Thread(work, "procpool-top-" + role);
        thread.setDaemon(true);
        return thread;
    }

    /** Any thread; waits while there is too much to do. */
    private void post(Runnable work) {
        try {
            inbox.put(work);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- the drawing thread

    private boolean resized;

    private void resized() {
        resized = true;
        urgent = true;
    }

    private void loop(TopScreen screen) {
        long drawnNanos = System.nanoTime() - intervalNanos;
        boolean changed = true;
        while (!ended) {
            long now = System.nanoTime();
            long wait = changed ? drawnNanos + intervalNanos - now : drawnNanos + HEARTBEAT_NANOS - now;
            if (urgent || wait <= 0) {
                if (resized) {
                    screen.resize();
                    resized = false;
                }
                screen.draw(view.lines(watched, state, screen.width(), screen.height(), now));
                drawnNanos = now;
                urgent = false;
                changed = false;
                continue;
            }
            changed |= work(wait);
        }
    }

    /** Does what was handed over; waits for it. False if there was nothing. */
    private boolean work(long waitNanos) {
        try {
            Runnable next = inbox.poll(waitNanos, TimeUnit.NANOSECONDS);
            if (next == null) {
                return false;
            }
            next.run();
            return true;
        } catch (InterruptedException e) {
            ended = true;
            return false;
        }
    }

    private void take(Pulse pulse) {
        urgent |= pulse.news() || watched.last() == null;
        if (watched.lost() != null) {
            // What was said meanwhile is no longer so.
            say("", false);
        }
        watched.take(pulse, System.nanoTime());
        if (pulse.news() && state.reports != null && !pulse.deaths().isEmpty()) {
            fetchReports();
        }
    }

    private void lost(TopService.LostException why) {
        if (watched.last() == null) {
            failure = why;
            ended = true;
            return;
        }
        watched.lost(OneLine.of(String.valueOf(why.getMessage())));
        urgent = true;
    }

    private void pressed(Key key) {
        urgent = true;
        if (key.name() == Key.Name.GONE) {
            ended = true;
            return;
        }
        if (state.asked != 0) {
            int worker = state.asked;
            state.asked = 0;
            if (key.character() == 'y' || key.character() == 'Y') {
                restart(worker);
            }
            return;
        }
        state.say("", false);
        switch (key.name()) {
            case UP -> move(-1);
            case DOWN -> move(1);
            case PAGE_UP -> move(-state.page);
            case PAGE_DOWN -> move(state.page);
            case HOME -> move(-Integer.MAX_VALUE / 2);
            case END -> move(Integer.MAX_VALUE / 2);
            case ENTER -> inspect();
            case ESCAPE -> state.show(TopState.View.OVERVIEW);
            case CHARACTER -> typed(key.character());
            case OTHER, GONE -> {}
        }
    }

    private void typed(char character) {
        switch (character) {
            case 'q', 'Q' -> ended = true;
            case 'k' -> move(-1);
            case 'j' -> move(1);
            case 'b' -> state.show(TopState.View.OVERVIEW);
            case '?', 'h' -> state.show(TopState.View.HELP);
            case 's' -> state.sort = state.sort.next();
            case 'S' -> state.sort = state.sort.previous();
            case 'o' -> state.reversed = !state.reversed;
            case 'd' -> {
                fetchReports();
                state.show(TopState.View.DEATHS);
            }
            case 'r' -> ask();
            default -> {}
        }
    }

    private void move(int by) {
        if (state.view == TopState.View.OVERVIEW) {
            state.move(by, sorted());
        } else {
            state.scrollBy(by);
        }
    }

    private List<Pulse.Worker> sorted() {
        Pulse pulse = watched.last();
        return pulse == null ? List.of() : state.sort.sort(pulse.workers(), watched, state.reversed);
    }

    private boolean selects() {
        List<Pulse.Worker> sorted = sorted();
        if (state.indexOf(sorted) < 0) {
            state.move(0, sorted);
        }
        return state.selected != 0;
    }

    private void inspect() {
        if (state.view == TopState.View.OVERVIEW && selects()) {
            fetchReports();
            state.show(TopState.View.WORKER);
        }
    }

    private void ask() {
        boolean shown = state.view == TopState.View.OVERVIEW || state.view == TopState.View.WORKER;
        if (shown && selects()) {
            state.asked = state.selected;
        }
    }

    // ---- other threads, which only hand over what they find

    private void restart(int worker) {
        thread("restart", () -> {
                    try {
                        service.restart(worker);
                        post(() -> say(
                                "worker " + worker + " leaves when its successor is ready and its task has ended",
                                false));
                    } catch (TopService.LostException e) {
                        post(() -> say(OneLine.of(String.valueOf(e.getMessage())), true));
                    }
                })
                .start();
    }

    private void say(String text, boolean bad) {
        state.say(text, bad);
        urgent = true;
    }

    private void fetchReports() {
        thread("reports", () -> {
                    try {
                        List<TopState.Report> reports = new ArrayList<>();
                        service.autopsies()
                                .forEach(report -> reports.add(new TopState.Report(
                                        report.path("worker").asInt(),
                                        report.path("text")
                                                .asText()
                                                .lines()
                                                .map(OneLine::of)
                                                .toList())));
                        post(() -> {
                            state.reports = reports;
                            urgent = true;
                        });
                    } catch (TopService.LostException e) {
                        post(() -> say(OneLine.of(String.valueOf(e.getMessage())), true));
                    }
                })
                .start();
    }

    /** Once; whoever runs this does so again after a while. */
    private void feed() {
        try {
            post(watched::connecting);
            service.watch(json -> {
                Pulse pulse = Pulse.of(json);
                post(() -> take(pulse));
                return true;
            });
            post(() -> lost(new TopService.LostException("the service has ended", null)));
        } catch (TopService.LostException e) {
            post(() -> lost(e));
        } catch (RuntimeException e) {
            // Nothing would be fed any more, so that it must not go unseen.
            post(() -> {
                throw e;
            });
        }
    }

    private void listen(TopScreen screen) {
        try {
            Key key;
            do {
                key = Key.read(screen.keys());
                Key pressed = key;
                post(() -> pressed(pressed));
            } while (key.name() != Key.Name.GONE);
        } catch (IOException e) {
            post(() -> pressed(new Key(Key.Name.GONE, '\0')));
        }
    }
}
