package org.procpool.conductor.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which worker tasks of one key go to: always to the same, as long as the same serve and it has room. */
final class HomeRules {

    private final Ledger ledger;
    private final Map<String, Home> homes = new HashMap<>();

    /** Where a key is at home as long as the same workers serve. */
    private record Home(int slot, List<Integer> serving) {}

    HomeRules(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Before the offer is made. */
    void offering(Place chosen, SimTask task) {
        List<Integer> serving = new ArrayList<>();
        boolean othersStarve = true;
        for (Place place : ledger.places) {
            if (place.phase == Place.Phase.READY) {
                serving.add(place.slot);
                othersStarve &= place == chosen || place.starves();
            }
        }
        Home home = homes.get(task.spec.key());
        if (home != null && home.serving.equals(serving)) {
            Place known = ledger.places[home.slot];
            ledger.check(known == chosen || !known.starves(), "is not offered at home, worker " + known.id, task);
            ledger.tally.count(known == chosen ? Incident.OFFERED_AT_HOME : Incident.OFFERED_ELSEWHERE);
        } else if (othersStarve) {
            // Whoever starves has room, so it would have gone there if one of those were its home.
            homes.put(task.spec.key(), new Home(chosen.slot, serving));
        }
    }
}
