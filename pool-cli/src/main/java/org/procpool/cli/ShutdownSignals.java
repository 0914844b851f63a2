package org.procpool.cli;

import org.jspecify.annotations.Nullable;
import org.procpool.server.PoolServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a service when it is told to: the first signal drains, the second stops at once, the third gives up on it. */
final class ShutdownSignals {

    private static final Logger LOG = LoggerFactory.getLogger(ShutdownSignals.class);

    private final Thread starter;
    /** Null until it has started. Guarded by this, as is the count. */
    private @Nullable PoolServer server;

    private int count;

    /**
     * For a service that is about to start.
     *
     * @param starter interrupted by a signal while it starts
     */
    ShutdownSignals(Thread starter) {
        this.starter = starter;
    }

    void listen() {
        Signals.on("TERM", () -> received("SIGTERM"));
        Signals.on("INT", () -> received("SIGINT"));
    }

    /** The service runs now; a signal that came before counts. */
    synchronized void started(PoolServer value) {
        server = value;
        if (count > 0) {
            Thread.interrupted();
            value.stop();
        }
    }

    synchronized int count() {
        return count;
    }

    private synchronized void received(String name) {
        count++;
        PoolServer running = server;
        if (count > 2) {
            // The workers die with this process, see the worker's end-of-file watch and parent-death signal.
            Runtime.getRuntime().halt(ExitCode.FAILED);
        } else if (running == null) {
            LOG.info("{}: stopping before the service is ready", name);
            starter.interrupt();
        } else if (count == 1) {
            LOG.info("{}: draining; a second one stops at once", name);
            running.drain(running.drainTimeout());
        } else {
            LOG.info("{}: stopping at once", name);
            running.stop();
        }
    }
}
