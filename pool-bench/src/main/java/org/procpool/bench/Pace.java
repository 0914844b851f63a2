package org.procpool.bench;

/**
 * When each task of an open loop is due: at a fixed rate, whatever becomes of those before it. The connections take
 * turns.
 *
 * @param perSec of all connections together, more than 0
 * @param startNanos when the first is due
 */
record Pace(double perSec, int connections, long startNanos) {

    private static final double NANOS_PER_SECOND = 1e9;

    /** When task {@code index} of the whole load is due, from 0; the connection is {@code index} mod connections. */
    long due(long index) {
        return startNanos + (long) (index * (NANOS_PER_SECOND / perSec));
    }

    /** When the task of that number, from 0, is due at that connection. */
    long due(int connection, long number) {
        return due(number * connections + connection);
    }

    /** How many tasks of that connection are due by then. */
    long dueCount(int connection, long nowNanos) {
        double all = (nowNanos - startNanos) * perSec / NANOS_PER_SECOND - connection;
        return all < 0 ? 0 : (long) (all / connections) + 1;
    }

    /** Time from one due task to the next. */
    long gapNanos() {
        return (long) (NANOS_PER_SECOND / perSec);
    }
}
