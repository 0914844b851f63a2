package org.procpool.conductor.simulation;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.procpool.conductor.Client;
import org.procpool.proto.OnDisconnect;

/** A client, and what its watcher knows of it. */
final class SimClient {

    final int number;
    final OnDisconnect onDisconnect;
    final Client client;
    final SimShare share;
    boolean gone;
    boolean abandoned;
    /** When its tasks are to be cancelled; meaningful once it is gone. */
    long abandonNanos;
    /** Of its own tasks, those that it has not heard the end of. */
    int outstanding;

    SimClient(int number, OnDisconnect onDisconnect, Client client, SimShare share) {
        this.number = number;
        this.onDisconnect = onDisconnect;
        this.client = client;
        this.share = share;
    }

    /** A queued task's place in its lane. */
    static final class Entry {
        final SimTask task;
        /** The smallest is next; which of several with the same is, is not promised. */
        final long rank;

        boolean gone;

        Entry(SimTask task, long rank) {
            this.task = task;
            this.rank = rank;
        }
    }

    /** What it has queued of one priority. */
    static final class SimLane {
        /** By rank; may hold some that are queued no more. */
        private final ArrayDeque<Entry> entries = new ArrayDeque<>();

        private long lastRank;
        private long firstRank;
        private long frontTick = -1;
        /** All that are queued. */
        int size;
        /** Number of its last turn, or of the moment when it got something to run. The smallest is next. */
        long turn;

        void addLast(SimTask task) {
            add(task, ++lastRank, false);
        }

        /**
         * @param tick tasks put in front in the same tick share a rank, since their order is not promised; -1 if it is
         */
        void addFirst(SimTask task, long tick) {
            boolean shared = tick != -1 && tick == frontTick;
            frontTick = tick;
            add(task, shared ? firstRank : --firstRank, true);
        }

        private void add(SimTask task, long rank, boolean first) {
            Entry entry = new Entry(task, rank);
            task.entry = entry;
            size++;
            if (first) {
                entries.addFirst(entry);
            } else {
                entries.addLast(entry);
            }
        }

        void remove(SimTask task) {
            Entry entry = task.entry;
            if (entry != null) {
                entry.gone = true;
                task.entry = null;
                size--;
            }
        }

        @Nullable
        Entry head() {
            Entry head = entries.peekFirst();
            while (head != null && head.gone) {
                entries.removeFirst();
                head = entries.peekFirst();
            }
            return head;
        }

        /** The task that is certainly next; null if there is none, or it is not promised which. */
        @Nullable
        SimTask certainHead() {
            Entry head = head();
            if (head == null) {
                return null;
            }
            for (Entry entry : entries) {
                if (entry != head && !entry.gone) {
                    return entry.rank == head.rank ? null : head.task;
                }
            }
            return head.task;
        }
    }
}
