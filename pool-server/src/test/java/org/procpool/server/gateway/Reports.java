package org.procpool.server.gateway;

import org.procpool.task.Autopsy;
import org.procpool.task.DeathAccount;
import org.procpool.task.Departure;
import org.procpool.task.WorkerId;

/** Reports of dead workers. */
final class Reports {

    private Reports() {}

    /** One with that for its detail. */
    static Autopsy saying(String detail) {
        return new Autopsy(
                new WorkerId(2, 1),
                4711,
                Departure.CRASHED,
                detail,
                null,
                0,
                0,
                31,
                "halt",
                1,
                0,
                new DeathAccount(1, 0, 0, 0, 1));
    }
}
