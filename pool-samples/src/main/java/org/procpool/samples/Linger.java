package org.procpool.samples;

import java.util.concurrent.TimeUnit;
import org.procpool.proto.Payload;
import org.procpool.worker.TaskContext;
import org.procpool.worker.TaskHandler;

/**
 * Takes as long as its payload says, {@code 10us} or more, and answers the payload. So little that a sleep would take
 * longer is computed away.
 */
final class Linger implements TaskHandler {

    private static final String MICROS = "us";

    private final Sleep sleep = new Sleep();

    @Override
    public Payload handle(TaskContext context, Payload payload) throws InterruptedException {
        long startNanos = System.nanoTime();
        String text = payload.text();
        if (!text.endsWith(MICROS)) {
            sleep.handle(context, payload);
            return payload;
        }
        long nanos = TimeUnit.MICROSECONDS.toNanos(Long.parseLong(text.substring(0, text.length() - MICROS.length())));
        while (System.nanoTime() - startNanos < nanos) {
            Thread.onSpinWait();
        }
        return payload;
    }
}
