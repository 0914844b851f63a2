package org.procpool.conductor;

import org.jspecify.annotations.Nullable;

/**
 * Where a key is at home: by rendezvous hashing over the places that serve, so that nothing is remembered of keys, and
 * only those of a place that comes or goes move. Owned by the conductor's thread.
 */
final class Affinity {

    private static final long KEY_SPREAD = 0x9E37_79B9_7F4A_7C15L;
    private static final long SLOT_SPREAD = 0xC2B2_AE3D_27D4_EB4FL;

    private Affinity() {}

    /** The worker whose tasks those of the key are to be; null if none serves. Looks at every worker. */
    static @Nullable Worker home(String key, WorkerTable workers) {
        Worker home = null;
        long heaviest = 0;
        for (Worker worker : workers.all()) {
            if (worker.phase == Worker.Phase.READY) {
                long weight = weight(key, worker.slot());
                if (home == null || weight > heaviest) {
                    home = worker;
                    heaviest = weight;
                }
            }
        }
        return home;
    }

    private static long weight(String key, int slot) {
        long bits = key.hashCode() * KEY_SPREAD ^ slot * SLOT_SPREAD;
        bits = (bits ^ bits >>> 32) * KEY_SPREAD;
        bits = (bits ^ bits >>> 29) * SLOT_SPREAD;
        return bits ^ bits >>> 32;
    }
}
