package org.procpool.conductor.simulation;

/** All that the conductor is held to, over one ledger. */
final class Rules {

    final ClockRules clock;
    final QueueRules queue;
    final SightRules sight;
    final PulseRules pulses;
    final RestartRules restarts;
    final OfferRules offers;
    final StaffRules staff;
    final ElasticRules elastic;
    final WorkerRules workers;
    final QuarantineRules quarantine;
    final DeathRules deaths;
    final FailureRules failures;
    final TaskRules tasks;
    final BookRules books;

    Rules(Ledger ledger, DeathRules.Truth truth) {
        clock = new ClockRules(ledger);
        queue = new QueueRules(ledger, clock);
        sight = new SightRules(ledger, clock);
        pulses = new PulseRules(ledger);
        restarts = new RestartRules(ledger, clock);
        quarantine = new QuarantineRules(ledger);
        offers = new OfferRules(ledger, queue, clock, sight, quarantine);
        staff = new StaffRules(ledger, restarts);
        elastic = new ElasticRules(ledger, queue);
        workers = new WorkerRules(ledger, clock, offers, pulses, restarts, staff);
        deaths = new DeathRules(ledger, queue, clock, quarantine, truth);
        failures = new FailureRules(ledger, queue, clock, quarantine);
        tasks = new TaskRules(ledger, queue, quarantine, deaths, failures);
        books = new BookRules(ledger);
    }

    /** Before each effect: what the conductor has done since the last one without saying so. */
    void notice() {
        queue.noticeReturns(null);
        deaths.noticeLosses();
        failures.notice();
    }

    /** After each input. */
    void settled() {
        notice();
        tasks.settled();
        quarantine.settled();
        workers.settled();
        offers.settled(queue.runnable());
        elastic.settled();
    }

    /** After each tick. */
    void ticked(long nextNanos, boolean didNothing) {
        clock.ticked(nextNanos, didNothing);
        sight.ticked(nextNanos);
        pulses.ticked(nextNanos);
        restarts.ticked(nextNanos);
        staff.ticked();
    }
}
