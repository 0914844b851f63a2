package org.procpool.conductor.simulation;

import java.util.Locale;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.procpool.conductor.ClientLimits;
import org.procpool.conductor.ConductorOptions;
import org.procpool.conductor.Elasticity;
import org.procpool.conductor.PoisonLimits;
import org.procpool.conductor.WorkerLimits;
import org.procpool.task.Routing;

/** All that differs from run to run: the pool's configuration and how badly the world behaves. The seed decides. */
final class Swarm {

    static final long MILLI = 1_000_000L;
    static final long SECOND = 1_000 * MILLI;
    static final int PAYLOAD_BYTES_MAX = 150_000;

    static final long RESIDENT_BYTES_MAX = 1L << 30;
    private static final long OPERATOR = 0x5ca1eL;
    private static final long PARTIES = 0x5ba7eL;
    private static final long ELASTIC = 0xe1a571cL;

    final long seed;
    final ConductorOptions pool;
    /** Dispatch numbers that every worker has used up when it is ready. */
    final long probes;

    final long originNanos;
    final long firstTaskId;

    // Tasks and their clients.
    final int tasks;
    final int clients;
    final int burstMax;
    final int window;
    /** Offered work as a multiple of what the workers can do. */
    final double load;

    final double cancels;
    final double limits;
    final double repeats;
    final double oddities;
    final double vanishing;
    final double pausing;
    final int prioritiesUsed;

    // Workers.
    final long runNanos;
    final long bootNanos;
    final double crashes;
    final double hangs;
    /** Stopped by signals, long garbage collections, deadlocks. */
    final double holds;

    final long holdNanos;
    /** Run times within a millisecond of the limit. */
    final double races;
    /** Workers without a recorder. */
    final double recorderless;
    /** Pages that cannot be read, start times that cannot be, results of what was taken back. */
    final double lies;
    /** Answers that the loop comes to late. */
    final double slowAnswers;

    final double stalls;
    final double bigPayloads;
    final double failures;
    final double retirements;
    final double bootFaults;
    final double corruption;
    final double staleFrames;
    final double lateExits;
    final double stubborn;

    // The store, the clock, the end.
    final long storeNanos;
    final double storeFaults;
    final double suspensions;
    /** Wakes that come a little late. */
    final double jitter;
    /** Share of the tasks after which the pool is drained or stopped; above 1 = only at the end. */
    final double endsAt;

    final boolean endsByStop;
    final long drainNanos;

    /** Mean time between two things that an operator does; 0 if there is none. */
    final double steering;
    /** Whether workers have limits. */
    final boolean limited;
    /** Clients that share with another. */
    final double siblings;
    /** Tasks with a key. */
    final double keys;
    /** Tasks that are tried again when they fail. */
    final double retries;

    /** @param steady whether nobody steers and no worker has a limit, as in the seeds that are pinned from before */
    Swarm(long seed, int tasks, boolean steady) {
        SplittableRandom random = new SplittableRandom(seed);
        this.seed = seed;
        this.tasks = tasks;
        runNanos = logUniform(random, 10_000, 300 * MILLI);
        bootNanos = logUniform(random, 20 * MILLI, 400 * MILLI);
        // Apart, so that the rest of a seed's configuration stays what it was.
        SplittableRandom operator = new SplittableRandom(seed ^ OPERATOR);
        boolean idle = steady || operator.nextBoolean();
        steering = idle ? 0 : logUniform(operator, 200 * MILLI, 20 * SECOND);
        limited = !steady && operator.nextBoolean();
        WorkerLimits workerLimits = limited ? limits(operator, runNanos) : WorkerLimits.NONE;
        PoisonLimits poison = steady ? PoisonLimits.DEFAULT.withDeaths(0) : poison(operator);
        SplittableRandom parties = new SplittableRandom(seed ^ PARTIES);
        ClientLimits clientLimits = steady || parties.nextBoolean() ? ClientLimits.NONE : clientLimits(parties);
        siblings = steady ? 0 : rate(parties, 0.7);
        retries = steady ? 0 : rate(parties, 0.8);
        keys = steady ? 0 : rate(parties, 0.9);
        SplittableRandom elastic = steady ? null : new SplittableRandom(seed ^ ELASTIC);
        pool = options(random, elastic, workerLimits, poison, clientLimits, runNanos, bootNanos);
        probes = seed & 3;
        originNanos = switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> -random.nextLong(1L << 61);
            default -> random.nextLong(1L << 61);
        };
        firstTaskId = 1 + random.nextLong(1L << 40);
        clients = random.nextInt(1, 7);
        burstMax = random.nextInt(3) == 0 ? random.nextInt(1, 200) : random.nextInt(1, 6);
        window = random.nextInt(1, 300);
        load = random.nextDouble(0.2, 2.5);
        cancels = rate(random, 0.1);
        limits = rate(random, 0.5);
        repeats = rate(random, 0.8);
        oddities = rate(random, 0.1);
        vanishing = rate(random, 0.05);
        pausing = rate(random, 0.05);
        prioritiesUsed = random.nextInt(1, 11);
        crashes = rate(random, 0.1);
        hangs = rate(random, 0.03);
        holds = rate(random, 0.05);
        holdNanos = logUniform(random, MILLI, 10 * SECOND);
        races = rate(random, 0.5);
        recorderless = random.nextInt(3) == 0 ? random.nextDouble() : 0;
        lies = rate(random, 0.05);
        slowAnswers = rate(random, 0.3);
        stalls = rate(random, 0.2);
        bigPayloads = random.nextInt(4) == 0 ? random.nextDouble(0.5) : 0;
        failures = rate(random, 0.2);
        retirements = rate(random, 0.1);
        bootFaults = random.nextInt(25) == 0 ? 1 : rate(random, 0.5);
        corruption = rate(random, 0.01);
        staleFrames = rate(random, 0.05);
        lateExits = rate(random, 0.3);
        stubborn = rate(random, 0.7);
        storeNanos = random.nextLong(10_000, 30 * MILLI);
        storeFaults = rate(random, 0.1);
        suspensions = random.nextInt(8) == 0 ? random.nextDouble(0.05) : rate(random, 0.004);
        jitter = random.nextBoolean() ? 0 : random.nextDouble(0.25);
        endsAt = random.nextInt(3) == 0 ? random.nextDouble() : 2;
        endsByStop = random.nextInt(3) == 0;
        drainNanos = switch (random.nextInt(4)) {
            case 0 -> random.nextLong(100 * MILLI);
            case 1 -> Long.MAX_VALUE - random.nextInt(2);
            default -> random.nextLong(20 * SECOND);
        };
    }

    private static WorkerLimits limits(SplittableRandom random, long runNanos) {
        return new WorkerLimits(
                random.nextInt(3) == 0 ? random.nextInt(1, 60) : 0,
                random.nextInt(4) == 0 ? Math.max(SECOND, logUniform(random, 20 * runNanos, 60 * SECOND)) : 0,
                random.nextInt(4) == 0 ? RESIDENT_BYTES_MAX : 0);
    }

    private static ClientLimits clientLimits(SplittableRandom random) {
        return new ClientLimits(
                random.nextBoolean() ? random.nextInt(1, 100) : 0, random.nextBoolean() ? random.nextInt(1, 30) : 0);
    }

    private static PoisonLimits poison(SplittableRandom random) {
        return new PoisonLimits(
                random.nextBoolean() ? random.nextInt(2, 8) : 0,
                logUniform(random, SECOND, 120 * SECOND),
                random.nextInt(5) == 0 ? 0 : logUniform(random, SECOND, 20 * SECOND));
    }

    /** @param random null for a pool that stays as large as somebody says */
    private static Elasticity elasticity(@Nullable SplittableRandom random, int workers) {
        return random == null || random.nextBoolean()
                ? Elasticity.NONE
                : new Elasticity(
                        random.nextInt(3) == 0 ? 0 : random.nextInt(1, workers + 1),
                        workers + random.nextInt(0, 5),
                        logUniform(random, SECOND, 20 * SECOND));
    }

    private static ConductorOptions options(
            SplittableRandom random,
            @Nullable SplittableRandom elastic,
            WorkerLimits limits,
            PoisonLimits poison,
            ClientLimits clients,
            long runNanos,
            long bootNanos) {
        int restartsMax = random.nextInt(3) == 0 ? random.nextInt(1, 8) : random.nextInt(8, 100);
        int claims = 16 << 2 * random.nextInt(3);
        int workers = random.nextInt(50) == 0 ? random.nextInt(60, 140) : random.nextInt(1, 9);
        return new ConductorOptions(
                workers,
                random.nextBoolean() ? 0 : random.nextInt(1, 4),
                random.nextBoolean() ? Routing.ROUND_ROBIN : Routing.LEAST_BUSY,
                random.nextInt(4) == 0 ? random.nextInt(1, 10) : random.nextInt(10, 600),
                random.nextInt(4) == 0 ? random.nextInt(1, 5_000) : 1_000_000,
                PAYLOAD_BYTES_MAX,
                random.nextInt(4) == 0 ? 1 : random.nextInt(2, Math.min(claims, 64) + 1),
                claims,
                random.nextInt(3) == 0 ? runNanos * random.nextInt(2, 30) : 0,
                random.nextInt(8) == 0 ? 0 : logUniform(random, MILLI, 2 * SECOND),
                random.nextInt(6) == 0 ? 0 : logUniform(random, MILLI, 500 * MILLI),
                random.nextInt(4) == 0 ? 2 * bootNanos : 10 * SECOND,
                random.nextInt(3) == 0 ? 0 : logUniform(random, 100 * MILLI, 10 * SECOND),
                random.nextInt(1, 12),
                restartsMax,
                logUniform(random, SECOND, restartsMax < 8 ? 10 * SECOND : 120 * SECOND),
                random.nextInt(5) == 0 ? 0 : random.nextLong(2 * SECOND),
                limits,
                elasticity(elastic, workers),
                poison,
                clients,
                random.nextInt(3) == 0);
    }

    private static long logUniform(SplittableRandom random, long from, long to) {
        return (long) Math.exp(random.nextDouble(Math.log(from), Math.log(to)));
    }

    /** Off in a third of the runs, else anything up to the bound. */
    private static double rate(SplittableRandom random, double max) {
        return random.nextInt(3) == 0 ? 0 : random.nextDouble(max);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "seed=%d tasks=%d %s origin=%d firstTask=%d%n"
                        + "clients=%d burstMax=%d window=%d load=%.2f cancels=%.3f limits=%.3f repeats=%.3f"
                        + " oddities=%.3f vanishing=%.3f pausing=%.3f priorities=%d%n"
                        + "run=%.3fms boot=%.1fms crashes=%.3f hangs=%.3f failures=%.3f retirements=%.3f"
                        + " bootFaults=%.3f corruption=%.4f stale=%.3f lateExits=%.3f stubborn=%.3f%n"
                        + "holds=%.3f for %.1fms races=%.3f recorderless=%.3f lies=%.3f slowAnswers=%.3f stalls=%.3f"
                        + " bigPayloads=%.3f%n"
                        + "steering=%.1fms siblings=%.3f retries=%.3f keys=%.3f"
                        + " store=%.3fms storeFaults=%.3f suspensions=%.4f jitter=%.3f endsAt=%.2f endsByStop=%s drain=%.3fs",
                seed,
                tasks,
                pool,
                originNanos,
                firstTaskId,
                clients,
                burstMax,
                window,
                load,
                cancels,
                limits,
                repeats,
                oddities,
                vanishing,
                pausing,
                prioritiesUsed,
                runNanos / 1e6,
                bootNanos / 1e6,
                crashes,
                hangs,
                failures,
                retirements,
                bootFaults,
                corruption,
                staleFrames,
                lateExits,
                stubborn,
                holds,
                holdNanos / 1e6,
                races,
                recorderless,
                lies,
                slowAnswers,
                stalls,
                bigPayloads,
                steering / 1e6,
                siblings,
                retries,
                keys,
                storeNanos / 1e6,
                storeFaults,
                suspensions,
                jitter,
                endsAt,
                endsByStop,
                drainNanos / 1e9);
    }
}
