package org.procpool.cli;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.procpool.client.PoolClient;
import org.procpool.client.TaskRequest;
import org.procpool.client.TaskResult;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;

/**
 * Runs many tasks: one thread reads and submits, the caller's writes the results in the order of the input. At most so
 * many are between reading and writing, however long the input and however slow the reader of the output.
 */
final class Batch {

    private static final int UNDER_WAY_MAX = 256;

    private final Console console;
    private final PoolClient client;
    private final Function<Payload, TaskRequest> request;
    private final BatchSink sink;
    private final long total;
    private final Progress progress;

    private final Semaphore room = new Semaphore(UNDER_WAY_MAX);
    /** Filled by the submitting thread and by those that complete futures; bounded by {@link #room}. */
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    private final Map<Long, Event> early = new HashMap<>();
    private final Map<OutcomeKind, Long> outcomes = new EnumMap<>(OutcomeKind.class);
    private long written;
    private long ended;
    private long unread;
    private int exitCode;

    /**
     * What has become of an item, or of the input.
     *
     * @param index of the item, from 0; of the end: how many items there were
     * @param item null at the end of the input
     * @param error instead of a result: the input could not be read
     */
    private record Event(
            long index,
            @Nullable BatchItem item,
            @Nullable TaskResult result,
            @Nullable Throwable error) {}

    /**
     * Makes it ready to run once.
     *
     * @param total for the progress bar; 0 = not known
     */
    Batch(Console console, PoolClient client, Function<Payload, TaskRequest> request, BatchSink sink, long total) {
        this.console = console;
        this.client = client;
        this.request = request;
        this.sink = sink;
        this.total = total;
        this.progress = new Progress(console, "");
    }

    /**
     * Runs all of them.
     *
     * @return the highest of their exit codes
     */
    int run(Iterator<BatchItem> items) {
        Thread submitter = new Thread(() -> submitAll(items), "procpool-submit");
        submitter.setDaemon(true);
        submitter.start();
        long count = Long.MAX_VALUE;
        try {
            while (written < count) {
                Event event = events.take();
                if (event.item != null) {
                    ended++;
                    early.put(event.index, event);
                    writeReady();
                } else if (event.error == null) {
                    count = event.index;
                } else {
                    throw rethrown(event.error);
                }
                progress.count(ended, unsuccessful(), total);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException(ExitCode.FAILED, "interrupted", e);
        } finally {
            progress.clear();
        }
        summarize(count);
        return exitCode;
    }

    private void submitAll(Iterator<BatchItem> items) {
        long index = 0;
        try {
            while (items.hasNext()) {
                room.acquire();
                submit(index++, items.next());
            }
            events.add(new Event(index, null, null, null));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            events.add(new Event(index, null, null, e));
        }
    }

    private void submit(long index, BatchItem item) {
        Payload payload;
        try {
            payload = item.payload().get();
        } catch (CliException e) {
            events.add(new Event(index, item, null, e));
            return;
        }
        client.submit(request.apply(payload))
                .whenComplete((result, error) -> events.add(new Event(index, item, result, error)));
    }

    private void writeReady() {
        for (Event next = early.remove(written); next != null; next = early.remove(written)) {
            written++;
            room.release();
            write(next);
        }
        if (early.isEmpty()) {
            console.flush();
        }
    }

    private void write(Event event) {
        BatchItem item = event.item;
        TaskResult result = event.result;
        if (item == null) {
            return;
        }
        if (result == null) {
            unread++;
            exitCode = Math.max(exitCode, event.error instanceof CliException e ? e.exitCode() : ExitCode.FAILED);
            name(event.error == null ? item.label() : String.valueOf(event.error.getMessage()));
            return;
        }
        outcomes.merge(result.outcome(), 1L, Long::sum);
        exitCode = Math.max(exitCode, ExitCode.of(result.outcome()));
        if (result.succeeded()) {
            sink.succeeded(item, result);
        } else {
            name(sink.sentence(item, result));
            sink.unsuccessful(item, result);
        }
    }

    private void name(String sentence) {
        progress.clear();
        console.error(sentence);
    }

    private long unsuccessful() {
        return unread
                + outcomes.entrySet().stream()
                        .filter(count -> count.getKey() != OutcomeKind.SUCCEEDED)
                        .mapToLong(Map.Entry::getValue)
                        .sum();
    }

    private void summarize(long count) {
        if (unsuccessful() == 0) {
            return;
        }
        StringBuilder text = new StringBuilder();
        outcomes.forEach((outcome, number) -> {
            if (outcome != OutcomeKind.SUCCEEDED) {
                text.append(text.isEmpty() ? "" : ", ")
                        .append(number)
                        .append(' ')
                        .append(outcome);
            }
        });
        if (unread > 0) {
            text.append(text.isEmpty() ? "" : ", ").append(unread).append(" not readable");
        }
        console.error(unsuccessful() + " of " + count + " tasks did not succeed: " + text);
    }

    private static RuntimeException rethrown(Throwable error) {
        return error instanceof RuntimeException known ? known : new IllegalStateException(error);
    }
}
