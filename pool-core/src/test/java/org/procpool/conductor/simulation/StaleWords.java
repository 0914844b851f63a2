package org.procpool.conductor.simulation;

import java.util.List;
import org.procpool.proto.Payload;
import org.procpool.task.ExitStatus;
import org.procpool.task.WorkerEnd;
import org.procpool.task.WorkerResult;

/** What still comes from a process that has been reaped long since. */
final class StaleWords {

    static final int KINDS = 13;

    private final WorkerInputs said;

    StaleWords(World world) {
        this.said = world.said;
    }

    void say(Place place, int generation, int kind) {
        switch (kind) {
            case 0 -> said.launched(place, generation, 7);
            case 1 -> said.bootFailed(place, generation, "late");
            case 2 -> said.ready(place, generation, List.of("gone"), true);
            case 3 -> said.linkLost(place, generation);
            case 4 -> said.corrupt(place, generation);
            case 5 -> said.progress(place, generation, 1, 1, "late");
            case 6 -> said.gone(place, generation, WorkerEnd.of(new ExitStatus(0)), 1, 1);
            case 7 -> said.observed(place, generation, 1, 1, 0);
            case 8 -> said.aimed(place, generation, 1);
            case 9 -> said.pong(place, generation);
            case 10 -> said.examined(place, generation, true, 0);
            case 11 -> said.stalled(place, generation);
            default -> said.result(place, generation, 1, new WorkerResult(Payload.EMPTY, 1, false, null));
        }
    }
}
