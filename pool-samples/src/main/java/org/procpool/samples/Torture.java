package org.procpool.samples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.Payload;
import org.procpool.worker.TaskContext;
import org.procpool.worker.TaskHandler;

/**
 * Works for a while and answers with bytes of its own, or takes its worker along; and puts on file that it began before
 * it does anything, and that it came to its end after it has done everything. The payload is {@code NUMBER MICROS BYTES
 * WAY}: the task's number in its run, how long to work, how much to answer, and {@code -} or the way to die: {@code
 * halt}, {@code close} (the worker's data socket, and live on) or {@code hang} (and heed no interrupt).
 */
final class Torture implements TaskHandler {

    /** Shorter work keeps the processor, longer work leaves it to others, as a call of another service would. */
    private static final long SPIN_NANOS_MAX = TimeUnit.MICROSECONDS.toNanos(200);

    private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

    private final Path directory;
    /** Opened by the first task, so that a worker that runs none leaves no file. */
    private @Nullable RunRecords records;

    Torture(Path directory) {
        this.directory = directory;
    }

    @Override
    public Payload handle(TaskContext context, Payload payload) throws Exception {
        String[] words = payload.text().split(" ", -1);
        long number = Long.parseLong(words[0]);
        RunRecords file = records();
        long run = file.begin(number, context.attempt());
        work(Long.parseLong(words[1]));
        die(words[3], context, payload);
        byte[] answer = answer(number, Integer.parseInt(words[2]));
        CRC32 sum = new CRC32();
        sum.update(answer);
        file.end(number, context.attempt(), run, sum.getValue(), answer.length);
        return Payload.of(answer);
    }

    private RunRecords records() throws IOException {
        RunRecords open = records;
        if (open == null) {
            open = RunRecords.create(directory);
            records = open;
        }
        return open;
    }

    private static void work(long micros) {
        long nanos = TimeUnit.MICROSECONDS.toNanos(micros);
        long start = System.nanoTime();
        for (long left = nanos; left > 0; left = nanos - (System.nanoTime() - start)) {
            if (left > SPIN_NANOS_MAX) {
                LockSupport.parkNanos(left);
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private static void die(String way, TaskContext context, Payload payload) throws Exception {
        switch (way) {
            case "-" -> {}
            case "halt" -> Runtime.getRuntime().halt(9);
            case "close" -> Hanging.closeDataSocket(context, payload);
            case "hang" -> Hanging.ignoreInterrupt(context, payload);
            default ->
                throw new IllegalArgumentException("'" + way + "' is no way to die; there are halt, close, hang");
        }
    }

    /** Bytes that no other task answers with, so that a mix-up shows. */
    static byte[] answer(long number, int length) {
        byte[] bytes = new byte[length];
        long state = number * MIX + length;
        for (int i = 0; i < length; i++) {
            if (i % Long.BYTES == 0) {
                state ^= state << 13;
                state ^= state >>> 7;
                state ^= state << 17;
            }
            bytes[i] = (byte) (state >>> 8 * (i % Long.BYTES));
        }
        return bytes;
    }
}
