package org.procpool.samples;

import java.io.IOException;
import java.lang.reflect.Field;
import java.util.concurrent.CountDownLatch;
import org.procpool.proto.Payload;
import org.procpool.worker.TaskContext;

/** Handlers that take their whole process along. A payload that is a number is the exit code. */
final class Leaving {

    private Leaving() {}

    static Payload exit(TaskContext context, Payload payload) {
        System.exit(code(payload));
        return payload;
    }

    static Payload halt(TaskContext context, Payload payload) {
        Runtime.getRuntime().halt(code(payload));
        return payload;
    }

    static Payload kill(TaskContext context, Payload payload) throws IOException, InterruptedException {
        signalSelf("KILL");
        new CountDownLatch(1).await();
        return payload;
    }

    /** Writes to address 0, as a broken native library would. */
    static Payload segv(TaskContext context, Payload payload) throws ReflectiveOperationException {
        Class<?> type = Class.forName("sun.misc.Unsafe");
        Field field = type.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        type.getMethod("putAddress", long.class, long.class).invoke(field.get(null), 0L, 0L);
        return payload;
    }

    /** The result must count, although its process dies as soon as it can after it. */
    static Payload killAfterResult(TaskContext context, Payload payload) {
        Thread killer = new Thread(() -> {
            try {
                signalSelf("KILL");
            } catch (IOException e) {
                Runtime.getRuntime().halt(1);
            }
        });
        killer.setDaemon(true);
        killer.start();
        return payload;
    }

    static void signalSelf(String signal) throws IOException {
        String pid = String.valueOf(ProcessHandle.current().pid());
        new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid).start();
    }

    private static int code(Payload payload) {
        return payload.size() == 0 ? 1 : Integer.parseInt(payload.text().strip());
    }
}
