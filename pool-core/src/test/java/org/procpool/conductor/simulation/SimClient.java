package org.procpool.conductor.simulation;

import java.util.ArrayDeque;
import org.procpool.conductor.Client;
import org.procpool.proto.OnDisconnect;
import org.procpool.task.TaskSpec;

/** A client, and what its watcher knows of it. */
final class SimClient {

    final int number;
    final OnDisconnect onDisconnect;
    final Client client;
    final SimLane[] lanes = new SimLane[TaskSpec.PRIORITIES];
    boolean paused;
    boolean gone;
    boolean abandoned;
    /** When its tasks are to be cancelled; meaningful once it is gone. */
    long abandonNanos;
    /** Of its own tasks, those that it has not heard the end of. */
    int outstanding;

    SimClient(int number, OnDisconnect onDisconnect, Client client) {
        this.number = number;
        this.onDisconnect = onDisconnect;
        this.client = client;
        for (int priority = 0; priority < lanes.length; priority++) {
            lanes[priority] = new SimLane();
        }
    }

    /** What it has queued of one priority. */
    static final class SimLane {
        /** Those that never ran, in the order of their acceptance; may hold some that are queued no more. */
        final ArrayDeque<SimTask> fresh = new ArrayDeque<>();
        /** How many are queued for another attempt; these go first, in no particular order. */
        int repeated;
        /** All that are queued. */
        int size;
        /** Number of its last turn, or of the moment when it got something to run. The smallest is next. */
        long turn;
    }
}
