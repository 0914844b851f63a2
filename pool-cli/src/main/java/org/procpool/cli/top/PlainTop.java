package org.procpool.cli.top;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The same for pipes and files: a line an interval, in the manner of vmstat. A thread of its own writes them. */
public final class PlainTop {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final int HEADING_EVERY = 20;
    private static final long EARLY_NANOS = TimeUnit.MILLISECONDS.toNanos(125);
    private static final long RETRY_MILLIS = 1_000;

    private static final List<String> HEADINGS = List.of(
            "TIME",
            "STATE",
            "DONE/S",
            "FAIL/S",
            "REJ/S",
            "QUEUED",
            "BUSY",
            "WORKERS",
            "RUN50",
            "RUN99",
            "WAIT50",
            "WAIT99",
            "LOST",
            "RESTARTS");
    private static final int[] WIDTHS = {8, 8, 8, 7, 7, 8, 5, 7, 7, 7, 7, 7, 7, 8};

    private final TopService service;
    private final long intervalNanos;
    private final long count;
    private final Consumer<String> out;
    private final Consumer<String> notes;
    private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
    /** Written by the feeding thread alone, as is the time. */
    private long lines;

    private long lastNanos;

    /**
     * A view that has not begun.
     *
     * @param count after how many lines it ends; 0 = never
     * @param out takes the lines
     * @param notes takes what is to be said beside them
     */
    public PlainTop(TopService service, long intervalNanos, long count, Consumer<String> out, Consumer<String> notes) {
        this.service = service;
        this.intervalNanos = intervalNanos;
        this.count = count;
        this.out = out;
        this.notes = notes;
    }

    /**
     * Tells how the service does until it has told enough.
     *
     * @throws TopService.LostException if there is no service at first; later it waits until there is one again
     */
    public void run() throws TopService.LostException {
        lastNanos = System.nanoTime() - intervalNanos;
        ScheduledExecutorService feeder = Executors.newSingleThreadScheduledExecutor();
        try {
            feeder.scheduleWithFixedDelay(this::feed, 0, RETRY_MILLIS, TimeUnit.MILLISECONDS);
            end.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof TopService.LostException lost) {
                throw lost;
            }
            if (e.getCause() instanceof RuntimeException failed) {
                throw failed;
            }
            throw e;
        } finally {
            feeder.shutdownNow();
        }
    }

    /** Once; whoever runs this does so again after a while. */
    private void feed() {
        try {
            service.watch(json -> take(Pulse.of(json)));
            if (enough()) {
                end.complete(null);
            }
        } catch (TopService.LostException e) {
            if (lines == 0) {
                end.completeExceptionally(e);
            } else {
                notes.accept("trying again: " + e.getMessage());
            }
        } catch (RuntimeException e) {
            end.completeExceptionally(e);
        }
    }

    private boolean enough() {
        return count > 0 && lines >= count;
    }

    /** Says whether more is wanted. */
    private boolean take(Pulse pulse) {
        long now = System.nanoTime();
        // What the service tells is up to a quarter of a second apart; lines are to keep their pace all the same.
        if (now - lastNanos < intervalNanos - EARLY_NANOS) {
            return true;
        }
        lastNanos = now;
        if (lines % HEADING_EVERY == 0) {
            out.accept(row(HEADINGS));
        }
        out.accept(row(cells(pulse)));
        lines++;
        return !enough();
    }

    private static List<String> cells(Pulse pulse) {
        Pulse.Second now = pulse.now();
        return List.of(
                TIME.format(pulse.at().atZone(ZoneId.systemDefault())),
                state(pulse),
                Figures.rate(now.succeeded()),
                Figures.rate(now.failed()),
                Figures.rate(now.rejected()),
                Figures.count(pulse.queue().depth()),
                Figures.count(now.busy()),
                Figures.count(pulse.workers().size()),
                micros(now.running(), false),
                micros(now.running(), true),
                micros(now.waiting(), false),
                micros(now.waiting(), true),
                Figures.count(pulse.totals().workerLost()),
                Figures.count(pulse.restarts()));
    }

    private static String state(Pulse pulse) {
        if (!pulse.stuck().isEmpty()) {
            return "STUCK";
        }
        return pulse.paused() ? "paused" : pulse.state();
    }

    private static String micros(Pulse.@Nullable Quantiles quantiles, boolean tail) {
        return quantiles == null ? "-" : Figures.micros(tail ? quantiles.p99() : quantiles.p50());
    }

    private static String row(List<String> cells) {
        StringBuilder row = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            row.append(i == 0 ? "" : " ");
            // The first two are words.
            row.append(i < 2 ? Figures.padRight(cells.get(i), WIDTHS[i]) : Figures.padLeft(cells.get(i), WIDTHS[i]));
        }
        return row.toString();
    }
}
