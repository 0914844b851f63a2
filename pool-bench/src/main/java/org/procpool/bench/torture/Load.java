package org.procpool.bench.torture;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.procpool.proto.Payload;
import org.procpool.task.TaskSpec;

/**
 * Draws the tasks. They come in stretches: tiny ones, of which workers are handed many at once, then mixed ones of 0 to
 * 20 ms and 0 B to 300 KiB, both even on a logarithmic scale. Some may run more than once, some expire if they wait.
 * Owned by the thread that submits.
 */
final class Load {

    static final String TASK = "torture";

    /** Tiny ones are done so fast that it takes thousands of them to fill as much time as some mixed ones. */
    private static final int TINY_STRETCH_MAX = 4_000;

    private static final int MIXED_STRETCH_MAX = 400;
    private static final int TINY_MICROS_MAX = 20;
    private static final int TINY_BYTES_MAX = 2_000;
    private static final int MICROS_MAX = 20_000;
    private static final int BYTES_MAX = 300 * 1024;
    private static final int REPEATABLE_ATTEMPTS = 3;
    private static final int TTL_MILLIS_MAX = 10;

    private final Random random;
    private boolean tinyStretch;
    private int left;

    Load(long seed) {
        random = new Random(seed);
    }

    /** @param tinyOnly for as long as workers are to be handed many at once */
    TaskSpec next(long number, boolean tinyOnly) {
        if (left == 0) {
            tinyStretch = !tinyStretch;
            left = 1 + random.nextInt(tinyStretch ? TINY_STRETCH_MAX : MIXED_STRETCH_MAX);
        }
        left--;
        boolean tiny = tinyStretch || tinyOnly;
        int micros = tiny ? Math.max(0, random.nextInt(2 * TINY_MICROS_MAX) - TINY_MICROS_MAX) : upTo(MICROS_MAX);
        int bytes = tiny ? random.nextInt(TINY_BYTES_MAX) : upTo(BYTES_MAX);
        TaskSpec spec = spec(number, micros, bytes, "-");
        return switch (random.nextInt(50)) {
            case 0, 1, 2, 3, 4 -> spec.withMaxAttempts(REPEATABLE_ATTEMPTS);
            case 5 -> spec.withTtlNanos(TimeUnit.MILLISECONDS.toNanos(1 + random.nextInt(TTL_MILLIS_MAX)));
            default -> spec;
        };
    }

    /** 0 half of the time, else as often between 1 and 2 as between 128 and 256. */
    private int upTo(int max) {
        return random.nextBoolean() ? 0 : (int) Math.exp(random.nextDouble() * Math.log(max + 1.0));
    }

    private static TaskSpec spec(long number, int micros, int bytes, String way) {
        return TaskSpec.of(TASK, Payload.of(number + " " + micros + " " + bytes + " " + way));
    }

    /** A task that takes its worker along. */
    static TaskSpec deadly(long number, Way way) {
        return spec(number, 0, 0, way.word());
    }
}
