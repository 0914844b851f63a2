package org.procpool.samples;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.procpool.proto.Payload;
import org.procpool.worker.TaskContext;

/** Handlers that do not come to an end by themselves. */
final class Hanging {

    private static final AtomicLong TURNS = new AtomicLong();

    private Hanging() {}

    static Payload spin(TaskContext context, Payload payload) {
        while (TURNS.incrementAndGet() > 0) {
            Thread.onSpinWait();
        }
        return payload;
    }

    /** A counted loop: compiled, it may not let the virtual machine stop this thread for seconds. */
    static Payload spinCounted(TaskContext context, Payload payload) {
        int mixed = payload.size();
        while (TURNS.incrementAndGet() > 0) {
            for (int i = 0; i < Integer.MAX_VALUE; i++) {
                mixed += i ^ mixed >> 3;
            }
        }
        return Payload.of(String.valueOf(mixed));
    }

    static Payload ignoreInterrupt(TaskContext context, Payload payload) {
        while (TURNS.get() >= 0) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                TURNS.incrementAndGet();
            }
        }
        return payload;
    }

    static Payload stop(TaskContext context, Payload payload) throws IOException, InterruptedException {
        Leaving.signalSelf("STOP");
        new CountDownLatch(1).await();
        return payload;
    }

    /** Closes the worker's data socket from inside and lives on, as a library that closes foreign descriptors does. */
    static Payload closeDataSocket(TaskContext context, Payload payload) throws IOException, IllegalAccessException {
        SocketChannel channel = findChannel(context);
        channel.close();
        return spin(context, payload);
    }

    /** Looks through the runtime's own objects, from the context outwards. */
    private static SocketChannel findChannel(Object start) throws IllegalAccessException {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> open = new ArrayDeque<>();
        open.add(start);
        while (!open.isEmpty()) {
            Object object = open.remove();
            if (object instanceof SocketChannel channel) {
                return channel;
            }
            if (seen.add(object) && object.getClass().getPackageName().startsWith("org.procpool.")) {
                for (Field field : object.getClass().getDeclaredFields()) {
                    field.setAccessible(true);
                    Object value = field.get(object);
                    if (value != null) {
                        open.add(value);
                    }
                }
            }
        }
        throw new IllegalStateException("the worker's context leads to no socket");
    }
}
