package org.procpool.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A thread that drives some of the connections. */
final class LoadThread extends Thread {

    private static final int WAIT_MILLIS = 50;

    private final Schedule schedule;
    private final Selector selector;
    private final List<LoadConnection> connections = new ArrayList<>();
    private final Tally tally;
    /** Null in a closed loop. */
    private final @Nullable Pace pace;

    private final int number;
    private final int threads;
    /** Of an open loop: the task of the whole load that is looked at next. */
    private long nextIndex;
    /** Results so far. Written by this thread once a batch, read by whoever shows the progress. */
    private final AtomicLong received = new AtomicLong();

    /** Takes the channels over. */
    LoadThread(
            int number,
            int threads,
            BenchOptions options,
            Schedule schedule,
            @Nullable Pace pace,
            List<SocketChannel> channels)
            throws IOException {
        super("procpool-bench-" + number);
        setDaemon(true);
        this.schedule = schedule;
        this.pace = pace;
        this.number = number;
        this.threads = threads;
        this.tally = new Tally(schedule.pieces());
        this.selector = Selector.open();
        for (SocketChannel channel : channels) {
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            LoadConnection connection = new LoadConnection(
                    channel, key, options, schedule, tally, pace, number + connections.size() * threads);
            key.attach(connection);
            connections.add(connection);
        }
    }

    long received() {
        return received.get();
    }

    /** What it has seen; only after it has ended. */
    Tally tally() {
        return tally;
    }

    @Override
    public void run() {
        try (selector) {
            if (pace == null) {
                connections.forEach(LoadConnection::send);
            } else {
                new Ticker(selector, pace.gapNanos()).start();
            }
            while (!isInterrupted() && !isDone()) {
                selector.select(this::serve, WAIT_MILLIS);
                sendDue();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the selector failed", e);
        } finally {
            connections.forEach(LoadConnection::close);
        }
    }

    private void sendDue() {
        if (pace == null) {
            return;
        }
        long now = Math.min(System.nanoTime(), schedule.measureUntil());
        while (pace.due(nextIndex) - now <= 0) {
            int connection = (int) (nextIndex++ % pace.connections());
            if (connection % threads == number) {
                connections.get(connection / threads).send();
            }
        }
    }

    private boolean isDone() {
        long now = System.nanoTime();
        return !schedule.isSending(now) && (unfinished() == 0 || schedule.isOver(now)) || allClosed();
    }

    private long unfinished() {
        long sum = 0;
        for (LoadConnection connection : connections) {
            sum += connection.isClosed() ? 0 : connection.unfinished();
        }
        return sum;
    }

    private boolean allClosed() {
        return connections.stream().allMatch(LoadConnection::isClosed);
    }

    private void serve(SelectionKey key) {
        LoadConnection connection = (LoadConnection) key.attachment();
        if (key.isReadable()) {
            received.setRelease(received.getPlain() + connection.receive());
        }
        connection.send();
    }
}
