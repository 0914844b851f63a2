package org.procpool.task;

/**
 * What became of the offers that a worker held when it died; in flight = recovered + answered before + returned + lost,
 * where "answered before" came through the socket between the first sign of the death and its end.
 *
 * @param inFlight offers without a result at the first sign of the death
 * @param recovered results that were found in its flight recorder and had not come through the socket
 * @param wrapped those of them that lay across the end of the ring
 * @param returned offers that it had not started; they went elsewhere
 * @param lost offers that it had started and not finished
 */
public record DeathAccount(int inFlight, int recovered, int wrapped, int returned, int lost) {

    public static final DeathAccount NOTHING = new DeathAccount(0, 0, 0, 0, 0);
}
