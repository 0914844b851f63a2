package org.procpool.conductor.simulation;

import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;

/** Many seeds, spread over all processors: each run is independent of the others. */
final class Campaign {

    private Campaign() {}

    /**
     * Runs so many seeds.
     *
     * @param tasks per seed
     * @throws AssertionError of one of the seeds that broke a rule; after the first no more are begun
     */
    static Tally run(long from, long seeds, int tasks) {
        // Written by the thread whose seed breaks a rule first, read by all.
        AtomicReference<AssertionError> broken = new AtomicReference<>();
        Tally tally = LongStream.range(from, from + seeds)
                .parallel()
                .filter(seed -> broken.get() == null)
                .mapToObj(seed -> {
                    try {
                        return Simulation.run(seed, tasks).tally();
                    } catch (AssertionError error) {
                        broken.compareAndSet(null, error);
                        return new Tally();
                    }
                })
                .collect(Tally::new, Tally::add, Tally::add);
        if (broken.get() != null) {
            throw broken.get();
        }
        return tally;
    }
}
