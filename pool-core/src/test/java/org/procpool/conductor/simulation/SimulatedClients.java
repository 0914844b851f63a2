package org.procpool.conductor.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.procpool.conductor.simulation.World.Event;
import org.procpool.proto.OnDisconnect;
import org.procpool.proto.Payload;
import org.procpool.proto.Retry;
import org.procpool.task.RejectReason;
import org.procpool.task.TaskSpec;

/** Clients that submit in bursts, change their minds, stop listening and vanish. */
final class SimulatedClients {

    private static final int SIZES = 8;
    private static final int KEYS = 12;
    /** One task of so many of a client. */
    private static final int RETIRES_EVERY = 97;

    private static final Payload[] SMALL = payloads(0, 16, 32, 64, 128, 256, 512, 1_024);
    private static final Payload[] BIG = payloads(20_000, 50_000, 70_000, 131_072, 140_000, Swarm.PAYLOAD_BYTES_MAX);
    private static final Payload TOO_BIG = Payload.of(new byte[Swarm.PAYLOAD_BYTES_MAX + 1]);
    private static final long BACKOFF_MAX_NANOS = 2 * Swarm.SECOND;

    private final World world;
    private final Swarm swarm;
    private final SplittableRandom random;
    private final List<SimClient> present = new ArrayList<>();
    private final long paceNanos;
    private int toSubmit;

    SimulatedClients(World world, SplittableRandom random) {
        this.world = world;
        this.swarm = world.swarm;
        this.random = random;
        this.toSubmit = swarm.tasks;
        this.paceNanos = (long) Math.max(
                1, (double) swarm.runNanos * swarm.burstMax / 2 * swarm.clients / swarm.pool.workers() / swarm.load);
    }

    private static Payload[] payloads(int... sizes) {
        Payload[] payloads = new Payload[sizes.length];
        for (int i = 0; i < sizes.length; i++) {
            payloads[i] = Payload.of(new byte[sizes[i]]);
        }
        return payloads;
    }

    void arrive() {
        for (int i = 0; i < swarm.clients; i++) {
            arriveOne();
        }
    }

    private void arriveOne() {
        OnDisconnect[] all = OnDisconnect.values();
        SimClient client = world.inputs.clientOpened(all[random.nextInt(all.length)], sibling());
        present.add(client);
        world.after(1 + random.nextLong(2 * paceNanos), Event.ACT, client.number, 0, 0);
    }

    private @Nullable SimClient sibling() {
        boolean shares = !present.isEmpty() && world.happens(swarm.siblings);
        return shares ? present.get(random.nextInt(present.size())) : null;
    }

    boolean done() {
        return toSubmit == 0;
    }

    void acts(SimClient client, long backoffNanos) {
        if (client.gone || toSubmit == 0) {
            return;
        }
        boolean refused = false;
        if (client.outstanding < swarm.window) {
            int burst = Math.min(toSubmit, 1 + random.nextInt(swarm.burstMax));
            for (int i = 0; i < burst && !refused; i++) {
                refused = submit(client);
            }
        } else {
            refused = true;
        }
        if (world.happens(swarm.cancels)) {
            world.after(random.nextLong(10 * paceNanos + 1), Event.CANCEL, 0, 0, 0);
        }
        if (world.happens(swarm.pausing)) {
            world.inputs.pause(client, true);
            world.after(1 + random.nextLong(50 * paceNanos), Event.RESUME, client.number, 0, 0);
        }
        if (world.happens(swarm.vanishing)) {
            world.inputs.vanish(client);
            present.remove(client);
            arriveOne();
            return;
        }
        long backoff = refused ? Math.min(BACKOFF_MAX_NANOS, Math.max(paceNanos, 2 * backoffNanos)) : 0;
        world.after(1 + random.nextLong(2 * paceNanos) + backoff, Event.ACT, client.number, 0, backoff);
    }

    /** Whether it was told to try again later. */
    private boolean submit(SimClient client) {
        toSubmit--;
        world.inputs.submit(client, spec());
        SimTask last = world.ledger.tasks.get(world.ledger.tasks.size() - 1);
        return last.refusal == RejectReason.QUEUE_FULL || last.refusal == RejectReason.CLIENT_QUEUE_FULL;
    }

    private TaskSpec spec() {
        boolean odd = world.happens(swarm.oddities);
        long ttl = world.happens(swarm.limits) ? limit() : 0;
        long runTimeout = world.happens(swarm.limits) ? limit() : 0;
        return new TaskSpec(
                Names.any(random, odd && random.nextInt(3) == 0),
                odd && random.nextInt(3) == 0 ? TOO_BIG : payload(),
                random.nextInt(swarm.prioritiesUsed),
                ttl,
                runTimeout,
                world.happens(swarm.repeats) ? random.nextInt(2, 5) : 1,
                world.happens(swarm.keys) ? "key " + random.nextInt(KEYS) : "",
                world.happens(swarm.retries) ? retry() : Retry.NEVER,
                toSubmit % RETIRES_EVERY == 0,
                random.nextInt(8) == 0);
    }

    private Retry retry() {
        long first = random.nextInt(3) == 0 ? 0 : 1 + random.nextLong(500);
        return new Retry(random.nextInt(1, 5), first, first == 0 ? 0 : first * random.nextInt(1, 20));
    }

    private Payload payload() {
        return world.happens(swarm.bigPayloads) ? BIG[random.nextInt(BIG.length)] : SMALL[random.nextInt(SIZES)];
    }

    private long limit() {
        return random.nextInt(16) == 0
                ? Long.MAX_VALUE - random.nextInt(2)
                : 1 + random.nextLong(20 * swarm.runNanos + Swarm.MILLI);
    }

    void cancelsAny() {
        List<SimTask> tasks = world.ledger.tasks;
        if (tasks.isEmpty()) {
            return;
        }
        // Mostly one of the last, which have hardly ended yet.
        int back = random.nextInt(4) == 0 ? random.nextInt(tasks.size()) : random.nextInt(Math.min(tasks.size(), 20));
        SimTask task = tasks.get(tasks.size() - 1 - back);
        world.inputs.cancel(task.task == null ? null : task);
    }

    void resumes(SimClient client) {
        world.inputs.pause(client, false);
    }

    void heal() {
        toSubmit = 0;
        for (SimClient client : present) {
            world.inputs.pause(client, false);
        }
    }

    /** Asks for something when the pool is at its end. */
    void knocks() {
        toSubmit = 1;
        submit(present.get(0));
        SimTask first = world.ledger.tasks.get(0);
        world.inputs.cancel(first.task == null ? null : first);
        world.inputs.vanish(present.get(0));
    }

    void answered(SimTask task) {
        task.client.outstanding--;
    }
}
