package org.procpool.worker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.procpool.proto.Payload;

/**
 * The three pipes of a running command: gives it its input, takes its output, and passes on what it says on standard
 * error. Each has a thread of its own, so that a command may read and write in any order.
 */
final class CommandStreams {

    private static final int COPY_BYTES = 16 * 1024;
    private static final ExecutorService THREADS = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "procpool-command");
        thread.setDaemon(true);
        return thread;
    });

    private final Process process;
    private final int outputBytesMax;
    private final Runnable tooMuch;
    private final CountDownLatch open = new CountDownLatch(2);

    /** Filled by its thread; guarded by itself, because it may be given up before its end. */
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    private volatile boolean overflown;

    /**
     * Begins.
     *
     * @param tooMuch called when there is more output than may be, of which no more is taken
     */
    CommandStreams(Process process, Payload input, int outputBytesMax, Runnable tooMuch) {
        this.process = process;
        this.outputBytesMax = outputBytesMax;
        this.tooMuch = tooMuch;
        THREADS.execute(() -> feed(input));
        THREADS.execute(() -> take(process.getInputStream(), this::addOutput));
        THREADS.execute(() -> take(process.getErrorStream(), System.err::write));
    }

    private interface Taker {
        void take(byte[] bytes, int offset, int length);
    }

    /** Waits until both outputs are at their end, which is when nobody has them open any more. */
    boolean awaitEnd(long millis) throws InterruptedException {
        return open.await(millis, TimeUnit.MILLISECONDS);
    }

    boolean overflown() {
        return overflown;
    }

    /** All that came. */
    byte[] output() {
        synchronized (output) {
            return output.toByteArray();
        }
    }

    private void feed(Payload input) {
        try (OutputStream stdin = process.getOutputStream();
                WritableByteChannel channel = Channels.newChannel(stdin)) {
            channel.write(input.buffer());
        } catch (IOException e) {
            // A command need not read its input; how it ends says whether it should have.
            close(process.getOutputStream());
        }
    }

    private void take(InputStream from, Taker taker) {
        byte[] buffer = new byte[COPY_BYTES];
        try (from) {
            for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
                taker.take(buffer, 0, read);
            }
        } catch (IOException e) {
            // Closed under us, when the command is over and somebody else keeps its output open.
            close(from);
        } finally {
            open.countDown();
        }
    }

    private void addOutput(byte[] bytes, int offset, int length) {
        synchronized (output) {
            if (overflown) {
                return;
            }
            if (output.size() + length <= outputBytesMax) {
                output.write(bytes, offset, length);
                return;
            }
            overflown = true;
            output.reset();
        }
        tooMuch.run();
    }

    /** Gives up what is still open; the command is over. */
    void close() {
        close(process.getInputStream());
        close(process.getErrorStream());
    }

    private static void close(AutoCloseable stream) {
        try {
            stream.close();
        } catch (Exception e) {
            // It is a pipe to nobody.
        }
    }
}
