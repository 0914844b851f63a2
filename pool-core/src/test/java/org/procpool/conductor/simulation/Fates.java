package org.procpool.conductor.simulation;

import java.util.SplittableRandom;
import org.procpool.conductor.simulation.Claim.Fate;

/** What comes of a task that a worker begins. */
final class Fates {

    private Fates() {}

    static Fate draw(World world, SplittableRandom random) {
        Swarm swarm = world.swarm;
        if (world.happens(swarm.hangs)) {
            return Fate.HANG;
        }
        if (world.happens(swarm.corruption)) {
            return random.nextBoolean() ? Fate.UNKNOWN_DISPATCH : Fate.CORRUPT;
        }
        if (world.happens(swarm.crashes)) {
            return switch (random.nextInt(6)) {
                case 0 -> Fate.DIE_BEFORE_CLAIM;
                case 1 -> Fate.DIE_AFTER_CLAIM;
                case 2 -> Fate.RESULT_THEN_DIE;
                case 3 -> Fate.LINK_LOST;
                default -> Fate.DIE_AT_END;
            };
        }
        return Fate.RESULT;
    }
}
