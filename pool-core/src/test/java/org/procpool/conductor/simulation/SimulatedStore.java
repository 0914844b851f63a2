package org.procpool.conductor.simulation;

import java.util.SplittableRandom;
import org.procpool.conductor.simulation.World.Event;

/** A store that takes its time, keeps records in batches, and now and then loses the rest of one. */
final class SimulatedStore {

    private final World world;
    private final SplittableRandom random;
    private long askedUpTo;
    private long answeredUpTo;
    private boolean atWork;

    SimulatedStore(World world, SplittableRandom random) {
        this.world = world;
        this.random = random;
    }

    void persisting(long lsn) {
        askedUpTo = lsn;
        begin();
    }

    private void begin() {
        if (!atWork && answeredUpTo < askedUpTo) {
            atWork = true;
            long delay = world.swarm.storeNanos / 2 + random.nextLong(world.swarm.storeNanos);
            world.after(delay, Event.STORE, 0, 0, askedUpTo);
        }
    }

    /** The batch up to that number has been written, or has not. */
    void answers(long batchEnd) {
        if (world.happens(world.swarm.storeFaults)) {
            long from = answeredUpTo + 1 + random.nextLong(batchEnd - answeredUpTo);
            boolean failureFirst = random.nextBoolean();
            long lost = askedUpTo;
            if (failureFirst) {
                answeredUpTo = Math.max(answeredUpTo, lost);
                world.inputs.persistFailed(from);
                world.inputs.persisted(from - 1);
            } else {
                world.inputs.persisted(from - 1);
                // What was asked for in the meantime is lost with the rest.
                answeredUpTo = askedUpTo;
                world.inputs.persistFailed(from);
            }
        } else {
            answeredUpTo = batchEnd;
            world.inputs.persisted(batchEnd);
        }
        atWork = false;
        begin();
    }
}
