package org.procpool.conductor.simulation;

import org.procpool.conductor.simulation.SimClient.SimLane;
import org.procpool.task.TaskSpec;

/** What the clients of one party share, and what their watcher knows of it. */
final class SimShare {

    final SimLane[] lanes = new SimLane[TaskSpec.PRIORITIES];
    boolean paused;
    /** Its tasks that wait, wherever. */
    int waiting;
    /** Its tasks that are with workers. */
    int inFlight;
    /** It has as many with workers as it may. */
    boolean full;

    SimShare() {
        for (int priority = 0; priority < lanes.length; priority++) {
            lanes[priority] = new SimLane();
        }
    }

    /** Whether something of it may be offered. */
    boolean runnable() {
        return !paused && !full;
    }
}
