package org.procpool.conductor.simulation;

import java.util.SplittableRandom;
import org.procpool.conductor.ConductorOptions;
import org.procpool.conductor.Elasticity;
import org.procpool.conductor.simulation.World.Event;

/** Somebody who cannot leave the pool alone: changes its size and limits, pauses it, and replaces its workers. */
final class SimulatedOperator {

    private final World world;
    private final Swarm swarm;
    /** Of its own, so that a world without an operator stays what it was. */
    private final SplittableRandom random;

    private int release = 1;
    private boolean tired;

    SimulatedOperator(World world) {
        this.world = world;
        this.swarm = world.swarm;
        this.random = new SplittableRandom(swarm.seed + 1);
    }

    void arrives() {
        if (swarm.steering > 0) {
            again();
        }
    }

    private void again() {
        long delay = 1 + (long) (-Math.log(random.nextDouble()) * swarm.steering);
        world.after(delay, Event.STEER, 0, 0, 0);
    }

    void acts() {
        if (tired) {
            return;
        }
        switch (random.nextInt(7)) {
            case 0 -> {
                world.inputs.pausePool(true);
                world.after(1 + random.nextLong((long) swarm.steering + 1), Event.UNPAUSE, 0, 0, 0);
            }
            case 1 -> world.inputs.roll(++release);
            case 2 -> world.inputs.replace(random.nextInt(world.ledger.places.length + 1));
            case 3 -> world.inputs.quarantine(Names.any(random, random.nextInt(8) == 0), random.nextBoolean());
            case 4 -> changeLimits();
            default -> world.inputs.scale(within(1 + random.nextInt(2 * Math.min(swarm.pool.workers(), 8))));
        }
        again();
    }

    private void changeLimits() {
        ConductorOptions pool = swarm.pool;
        int queueTasksMax = 1 + random.nextInt((int) Math.min(2L * pool.queueTasksMax(), Integer.MAX_VALUE));
        world.inputs.limit(
                queueTasksMax,
                1 + random.nextLong(Math.min(2 * pool.queueBytesMax(), Long.MAX_VALUE - 1)),
                // No draw of its own, or seeds would mean other runs than before.
                queueTasksMax % 100,
                random.nextLong(2 * pool.runTimeoutNanos() + 1),
                random.nextLong(2 * pool.graceNanos() + 1));
    }

    private int within(int count) {
        Elasticity bounds = swarm.pool.elasticity();
        return bounds.isOn()
                ? Math.max(bounds.least(swarm.pool.workers()), Math.min(bounds.most(swarm.pool.workers()), count))
                : count;
    }

    void heal() {
        tired = true;
        if (swarm.steering > 0) {
            ConductorOptions pool = swarm.pool;
            world.inputs.limit(
                    pool.queueTasksMax(),
                    pool.queueBytesMax(),
                    pool.clients().queuedTasksMax(),
                    pool.runTimeoutNanos(),
                    pool.graceNanos());
            world.inputs.pausePool(false);
            world.inputs.releaseAll();
        }
    }
}
