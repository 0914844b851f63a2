package org.procpool.system;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.procpool.proto.Payload;
import org.procpool.worker.HandlerProvider;
import org.procpool.worker.TaskContext;
import org.procpool.worker.TaskHandler;

/**
 * Handlers that keep a worker busy, each in its own way, until the file that their payload names is there. Public,
 * because workers make one by its name.
 */
public final class SlowHandlers implements HandlerProvider {

    private static final int TURNS = 20_000_000;
    private static final int NODE_BYTES = 64;
    private static final double LIVE_SHARE = 0.85;

    @Override
    public Map<String, TaskHandler> handlers() {
        Map<String, TaskHandler> handlers = new HashMap<>();
        handlers.put("park", SlowHandlers::park);
        handlers.put("count", SlowHandlers::count);
        handlers.put("pipe", SlowHandlers::pipe);
        handlers.put("churn", SlowHandlers::churn);
        return handlers;
    }

    /** Waits in the virtual machine and heeds no interrupt. */
    private static Payload park(TaskContext context, Payload payload) {
        while (!isOpen(payload)) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        return payload;
    }

    /** Computes in loops in which the virtual machine may not stop it. */
    private static Payload count(TaskContext context, Payload payload) {
        int mixed = 0;
        while (!isOpen(payload)) {
            for (int i = 0; i < TURNS; i++) {
                mixed += i ^ mixed >> 3;
            }
        }
        return Payload.of(Integer.toString(mixed));
    }

    /** Waits in native code: the file is a pipe, and what it waits for is a byte. */
    private static Payload pipe(TaskContext context, Payload payload) throws Exception {
        try (InputStream in = Files.newInputStream(Path.of(payload.text()))) {
            return Payload.of("read " + in.read());
        }
    }

    /** Fills most of the heap, and then keeps the garbage collector at work. */
    private static Payload churn(TaskContext context, Payload payload) {
        Runtime heap = Runtime.getRuntime();
        List<byte[]> live = new ArrayList<>();
        while (heap.totalMemory() - heap.freeMemory() < LIVE_SHARE * heap.maxMemory()) {
            live.add(new byte[NODE_BYTES]);
        }
        ArrayDeque<byte[]> garbage = new ArrayDeque<>();
        while (!isOpen(payload)) {
            for (int i = 0; i < 10_000; i++) {
                garbage.add(new byte[NODE_BYTES]);
                if (garbage.size() > 1_000) {
                    garbage.remove();
                }
            }
        }
        return Payload.of(live.size() + " kept");
    }

    private static boolean isOpen(Payload payload) {
        return Files.exists(Path.of(payload.text()));
    }
}
