package org.procpool.conductor.simulation;

/**
 * One run from one seed. First everything goes wrong that can (safety), then nothing does any more, and all that was
 * accepted must end soon and every place be filled again (liveness); then the pool is drained.
 */
final class Simulation {

    private static final long LIVENESS_NANOS = 600 * Swarm.SECOND;
    private static final long SAFETY_NANOS = 1_800 * Swarm.SECOND;
    private static final int STEPS_PER_TASK_MAX = 40;

    private final World world;
    private final Ledger ledger;

    private Simulation(Swarm swarm) {
        this.world = new World(swarm);
        this.ledger = world.ledger;
    }

    /** What a run leaves behind. */
    record Report(long traceHash, long inputs, Tally tally) {}

    /**
     * Runs one seed.
     *
     * @param tasks that the clients submit, in all
     * @throws AssertionError with the seed, its options and the last steps, if a rule was broken
     */
    static Report run(long seed, int tasks) {
        return run(new Swarm(seed, tasks, false));
    }

    /** As {@link #run}, with nobody who steers and no limits for workers. */
    static Report runSteady(long seed, int tasks) {
        return run(new Swarm(seed, tasks, true));
    }

    private static Report run(Swarm swarm) {
        Simulation simulation = new Simulation(swarm);
        try {
            simulation.run();
        } catch (RuntimeException broken) {
            throw new AssertionError(
                    "seed " + swarm.seed + " with " + swarm.tasks + " tasks: " + broken.getMessage() + "\n" + swarm
                            + "\n" + simulation.ledger.trace.lastLines(),
                    broken);
        }
        Ledger ledger = simulation.ledger;
        ledger.tally.seeds = 1;
        return new Report(ledger.trace.hash(), simulation.world.inputs.inputs(), ledger.tally);
    }

    private void run() {
        Swarm swarm = ledger.swarm;
        world.begin();
        long steps = (long) STEPS_PER_TASK_MAX * swarm.tasks;
        while (!world.askedAll() && !ledger.drained && ledger.now - swarm.originNanos < SAFETY_NANOS && steps-- > 0) {
            world.step();
        }
        world.heal();
        long deadline = ledger.now + LIVENESS_NANOS;
        while (ledger.draining ? !ledger.drained : ledger.unfinished > 0) {
            world.step();
            ledger.check(
                    ledger.now < deadline, "tasks never end in a healed world: " + ledger.unfinished, ledger.oldest());
        }
        deadline += ledger.places.length * 2 * swarm.pool.restartWindowNanos();
        while (!ledger.draining && (!ledger.full() || ledger.degraded || ledger.rolling)) {
            world.step();
            ledger.check(ledger.now < deadline, "is never full again in a healed world", ledger.state());
        }
        if (!ledger.draining) {
            ledger.tally.count(Incident.FULL_AGAIN);
            world.end(swarm.endsByStop, swarm.drainNanos);
        }
        while (!ledger.drained) {
            world.step();
            ledger.check(ledger.now < deadline, "is never drained in a healed world", null);
        }
        world.knock();
        world.inputs.checkEmpty();
    }
}
