package org.procpool.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A thread that drives some of the connections. */
final class LoadThread extends Thread {

    private static final int WAIT_MILLIS = 50;

    private final Schedule schedule;
    private final Selector selector;
    private final List<LoadConnection> connections = new ArrayList<>();
    private final Tally tally = new Tally();
    /** Results so far. Written by this thread once a batch, read by whoever shows the progress. */
    private final AtomicLong received = new AtomicLong();

    /** Takes the channels over. */
    LoadThread(int number, BenchOptions options, Schedule schedule, List<SocketChannel> channels) throws IOException {
        super("procpool-bench-" + number);
        setDaemon(true);
        this.schedule = schedule;
        this.selector = Selector.open();
        for (SocketChannel channel : channels) {
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            LoadConnection connection = new LoadConnection(channel, key, options, schedule, tally);
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
            connections.forEach(LoadConnection::send);
            while (!isInterrupted() && !isDone()) {
                selector.select(this::serve, WAIT_MILLIS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the selector failed", e);
        } finally {
            connections.forEach(LoadConnection::close);
        }
    }

    private boolean isDone() {
        long now = System.nanoTime();
        return !schedule.isSending(now) && (unfinished() == 0 || schedule.isOver(now)) || allClosed();
    }

    private int unfinished() {
        int sum = 0;
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
