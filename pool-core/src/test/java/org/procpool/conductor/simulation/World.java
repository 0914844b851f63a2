package org.procpool.conductor.simulation;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Everything around the conductor: the clock, and all that happens by itself. One generator decides everything. */
final class World implements Watch.Reactions {

    /** What happens by itself. */
    enum Event {
        LAUNCHED,
        LAUNCH_FAILED,
        BOOT_FAILED,
        READY,
        LINK_LOST,
        CORRUPT,
        RESULT,
        PROGRESS,
        DIE,
        EXIT,
        WORK,
        DELIVER,
        LIE,
        OBSERVED,
        AIMED,
        PONG,
        EXAMINED,
        STALLED,
        WEIGHED,
        STEER,
        UNPAUSE,
        HOLD,
        RELEASE,
        UNKNOWABLE,
        STALE,
        STORE,
        ACT,
        CANCEL,
        RESUME,
        END
    }

    private static final Event[] EVENTS = Event.values();
    private static final int BATCH_MAX = 256;
    private static final int SPINS_MAX = 8;

    final Swarm swarm;
    final Ledger ledger;
    final Inputs inputs;
    /** What the workers say, or others of them. */
    final WorkerInputs said;

    private final SplittableRandom random;
    private final EventQueue events = new EventQueue();
    private final SimulatedWorkers workers;
    private final SimulatedStore store;
    private final SimulatedClients clients;
    private final SimulatedOperator operator;
    private long wakeNanos;
    private boolean healed;
    private boolean ending;
    private int spins;

    World(Swarm swarm) {
        this.swarm = swarm;
        this.random = new SplittableRandom(~swarm.seed);
        this.ledger = new Ledger(swarm);
        this.inputs = new Inputs(ledger, this);
        this.said = new WorkerInputs(ledger, inputs);
        this.workers = new SimulatedWorkers(this, random);
        this.store = new SimulatedStore(this, random);
        this.clients = new SimulatedClients(this, random);
        this.operator = new SimulatedOperator(this);
    }

    boolean happens(double rate) {
        return !healed && rate > 0 && random.nextDouble() < rate;
    }

    boolean healed() {
        return healed;
    }

    void after(long delayNanos, Event event, int a, int b, long c) {
        at(ledger.now + Math.max(0, delayNanos), event, a, b, c);
    }

    /** What should have happened before now happens as soon as it can. */
    void at(long timeNanos, Event event, int a, int b, long c) {
        events.add(timeNanos, event.ordinal(), a, b, c);
    }

    void begin() {
        inputs.start();
        clients.arrive();
        operator.arrives();
        wakeNanos = inputs.tick();
    }

    /** Whether the clients have asked for all that they want. */
    boolean askedAll() {
        return clients.done();
    }

    /** From now on nothing goes wrong any more. */
    void heal() {
        healed = true;
        clients.heal();
        operator.heal();
        workers.heal();
    }

    void end(boolean byStop, long drainNanos) {
        ending = true;
        if (byStop) {
            inputs.stop();
        } else {
            inputs.drain(drainNanos);
        }
    }

    /** Goes on to the next moment at which something happens. */
    void step() {
        long next = Math.min(events.nextNanos(), wakeNanos);
        ledger.check(next != Long.MAX_VALUE, "nothing will ever happen again", ledger.unfinished);
        long now = Math.max(ledger.now, next);
        spins = now == ledger.now ? spins + 1 : 0;
        ledger.check(spins < SPINS_MAX + BATCH_MAX, "ticks without end", null);
        if (happens(swarm.jitter)) {
            now += random.nextLong(2 * Swarm.MILLI);
        }
        ledger.now = now;
        if (happens(swarm.suspensions)) {
            ledger.now += random.nextLong(3 * Swarm.SECOND);
            if (random.nextBoolean()) {
                wakeNanos = inputs.tick();
            }
        }
        if (events.nextNanos() > ledger.now) {
            inputs.wakes();
        }
        for (int i = 0; i < BATCH_MAX && events.nextNanos() <= ledger.now; i++) {
            events.take();
            happens(EVENTS[events.kind], events.a, events.b, events.c);
        }
        if (!ending && ledger.tasks.size() >= swarm.endsAt * swarm.tasks) {
            end(swarm.endsByStop, swarm.drainNanos);
        }
        wakeNanos = inputs.tick();
    }

    private void happens(Event event, int a, int b, long c) {
        switch (event) {
            case STORE -> store.answers(c);
            case ACT -> clients.acts(ledger.clients.get(a), c);
            case CANCEL -> clients.cancelsAny();
            case STEER -> operator.acts();
            case UNPAUSE -> inputs.pausePool(false);
            case RESUME -> clients.resumes(ledger.clients.get(a));
            case END -> end(a == 1, c);
            default -> workers.happens(event, a, b, c);
        }
    }

    /** After the end: whatever still comes must have no effect. */
    void knock() {
        clients.knocks();
        inputs.drain(0);
        inputs.stop();
        while (!events.isEmpty()) {
            events.take();
            ledger.now = Math.max(ledger.now, events.timeNanos);
            happens(EVENTS[events.kind], events.a, events.b, events.c);
        }
        inputs.tick();
    }

    @Override
    public void launched(Place place) {
        workers.launched(place);
    }

    @Override
    public Claim offered(Place place, SimTask task, long dispatch) {
        return workers.offered(place, task, dispatch);
    }

    @Override
    public boolean takenBack(Place place, SimOffer offer) {
        return workers.takenBack(place, offer);
    }

    @Override
    public void observed(Place place) {
        workers.observing(place);
    }

    @Override
    public void aimed(Place place, long dispatch) {
        workers.aiming(place, dispatch);
    }

    @Override
    public void interrupted(Place place, long dispatch) {
        workers.interrupted(place, dispatch);
    }

    @Override
    public void pinged(Place place) {
        workers.pinged(place);
    }

    @Override
    public void examined(Place place) {
        workers.examining(place);
    }

    @Override
    public void weighed(Place place) {
        workers.weighing(place);
    }

    @Override
    public void toldToLeave(Place place) {
        workers.toldToLeave(place);
    }

    @Override
    public void killed(Place place) {
        workers.killed(place);
    }

    @Override
    public @Nullable Claim unfinished(Place place) {
        return workers.unfinished(place);
    }

    @Override
    public boolean unknowable(Place place) {
        return workers.unknowable(place);
    }

    @Override
    public void persisting(long lsn) {
        store.persisting(lsn);
    }

    @Override
    public void answered(SimTask task) {
        clients.answered(task);
    }
}
