package org.procpool.recorder;

import java.util.Random;
import org.procpool.proto.Payload;
import org.procpool.proto.WorkerResultFrame;

/** Results that both processes of a test can make from a seed, so that the reader knows every byte. */
final class Samples {

    private final long seed;
    private final int sizeMax;

    Samples(long seed, int sizeMax) {
        this.seed = seed;
        this.sizeMax = sizeMax;
    }

    WorkerResultFrame result(long dispatch) {
        Random random = new Random(seed * 1_000_003 + dispatch);
        int size = switch (random.nextInt(16)) {
            case 0 -> 0;
            case 1 -> random.nextInt(sizeMax);
            case 2 -> random.nextInt(1 + sizeMax / 8);
            default -> random.nextInt(200);
        };
        byte[] payload = new byte[size];
        random.nextBytes(payload);
        return WorkerResultFrame.returned(
                dispatch, random.nextLong() >>> 20, random.nextBoolean(), Payload.of(payload));
    }
}
