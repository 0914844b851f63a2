import java.io.Serializable;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import net.viktorc.pp4j.impl.JavaProcessPoolExecutor;
import net.viktorc.pp4j.impl.SimpleJavaProcessOptions;

/**
 * PP4J: N processes reverse bytes, a window of tasks is kept out, with a waiting thread for each of them, since its
 * futures call nobody back; prints tasks a second. Usage: WORKERS WINDOW BYTES SECONDS.
 */
public final class Pp4jPeer {

    private static final long WARMUP_MILLIS = 2000;

    private Pp4jPeer() {}

    static final class Reverse implements Callable<byte[]>, Serializable {

        private static final long serialVersionUID = 1;

        private final byte[] payload;

        Reverse(byte[] payload) {
            this.payload = payload;
        }

        @Override
        public byte[] call() {
            byte[] reversed = new byte[payload.length];
            for (int i = 0; i < payload.length; i++) {
                reversed[i] = payload[payload.length - 1 - i];
            }
            return reversed;
        }
    }

    public static void main(String[] arguments) throws Exception {
        int workers = Integer.parseInt(arguments[0]);
        int window = Integer.parseInt(arguments[1]);
        byte[] payload = new byte[Integer.parseInt(arguments[2])];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) ('a' + i % 26);
        }
        JavaProcessPoolExecutor pool = new JavaProcessPoolExecutor(
                new SimpleJavaProcessOptions(64, 512, 512, 0), workers, workers, 0, null, false);
        AtomicLong done = new AtomicLong();
        for (int i = 0; i < window; i++) {
            Thread caller = new Thread(() -> loop(pool, payload, done));
            caller.setDaemon(true);
            caller.start();
        }
        Semaphore never = new Semaphore(0);
        never.tryAcquire(WARMUP_MILLIS, TimeUnit.MILLISECONDS);
        long from = System.nanoTime();
        long before = done.get();
        never.tryAcquire((long) (Double.parseDouble(arguments[3]) * 1000), TimeUnit.MILLISECONDS);
        System.out.println(Math.round((done.get() - before) * 1e9 / (System.nanoTime() - from)));
        pool.shutdownNow();
        System.exit(0);
    }

    private static void loop(JavaProcessPoolExecutor pool, byte[] payload, AtomicLong done) {
        try {
            while (true) {
                Callable<byte[]> task = new Reverse(payload);
                Future<byte[]> result = pool.submit(task);
                if (result.get().length != payload.length) {
                    throw new IllegalStateException("a result is wrong");
                }
                done.incrementAndGet();
            }
        } catch (Exception e) {
            if (done.get() == 0) {
                System.err.println(e);
            }
        }
    }
}
