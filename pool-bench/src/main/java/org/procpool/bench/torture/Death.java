package org.procpool.bench.torture;

import org.procpool.task.Autopsy;
import org.procpool.task.DeathAccount;
import org.procpool.task.Departure;
import org.procpool.task.WorkerId;

/**
 * One worker's end.
 *
 * @param number from 1
 * @param end how the process ended: a signal's name, or {@code EXIT_} and a code
 */
public record Death(int number, Way way, WorkerId worker, long pid, Departure why, String end, DeathAccount account) {

    static Death of(int number, Way way, Autopsy autopsy) {
        String end = autopsy.exit() == null ? "none" : autopsy.exit().name();
        return new Death(number, way, autopsy.worker(), autopsy.pid(), autopsy.why(), end, autopsy.account());
    }

    /** Answered before the end: offers whose result came through the socket between the first sign and the end. */
    public int answered() {
        return account.inFlight() - account.recovered() - account.returned() - account.lost();
    }
}
