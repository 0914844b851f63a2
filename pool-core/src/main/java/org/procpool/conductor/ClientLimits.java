package org.procpool.conductor;

/**
 * How much of the pool one client may take up. What a client is, its door decides: a connection, or all that one party
 * asks for by HTTP.
 *
 * @param queuedTasksMax its tasks that may wait, those for the store or their next attempt included; 0 = no limit
 * @param inFlightTasksMax its tasks that may be with workers, at work or lined up there; 0 = no limit
 */
public record ClientLimits(int queuedTasksMax, int inFlightTasksMax) {

    public static final ClientLimits NONE = new ClientLimits(0, 0);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public ClientLimits {
        check("max-queued-per-client", queuedTasksMax);
        check("max-in-flight-per-client", inFlightTasksMax);
    }

    private static void check(String name, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " is " + value + ", allowed is 1 and up, or 0 for no limit");
        }
    }

    public ClientLimits withQueuedTasksMax(int value) {
        return new ClientLimits(value, inFlightTasksMax);
    }

    public ClientLimits withInFlightTasksMax(int value) {
        return new ClientLimits(queuedTasksMax, value);
    }
}
