package org.procpool.conductor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.procpool.task.WorkerSnapshot;

/** The places of the pool, and which of them have room. Owned by the conductor's thread. */
final class WorkerTable {

    /** Leaves room above for as many offers as a worker can hold, and below for those of years. */
    private static final int LOAD_SHIFT = 46;

    private static final long LAST_OFFER_MASK = (1L << LOAD_SHIFT) - 1;

    private final ConductorOptions options;
    private final List<Worker> workers;
    /** Bit slot - 1: that worker has room. */
    private long[] room;
    /** By slot - 1: how busy that worker is and, below {@link #LOAD_SHIFT}, when it got its last offer. */
    private long[] loads;

    WorkerTable(ConductorOptions options) {
        int count = options.places();
        this.options = options;
        workers = new ArrayList<>(count);
        for (int slot = 1; slot <= count; slot++) {
            workers.add(new Worker(slot, options));
        }
        room = new long[(count + Long.SIZE - 1) / Long.SIZE];
        loads = new long[room.length * Long.SIZE];
    }

    /** One place more, with the next slot. */
    Worker add() {
        Worker worker = new Worker(workers.size() + 1, options);
        workers.add(worker);
        if (workers.size() > room.length * Long.SIZE) {
            room = Arrays.copyOf(room, room.length + 1);
            loads = Arrays.copyOf(loads, room.length * Long.SIZE);
        }
        return worker;
    }

    int count() {
        return workers.size();
    }

    List<Worker> all() {
        return workers;
    }

    Worker at(int slot) {
        return workers.get(slot - 1);
    }

    /** The worker of that identity; null if its process is no longer the present one. */
    @Nullable
    Worker live(int slot, int generation) {
        if (slot < 1 || slot > workers.size()) {
            return null;
        }
        Worker worker = at(slot);
        return worker.id.generation() == generation && worker.phase != Worker.Phase.ABSENT ? worker : null;
    }

    /** To be called after anything that may change {@link Worker#hasRoom}, and after each offer. */
    void updateRoom(Worker worker) {
        int index = worker.slot() - 1;
        loads[index] = (long) worker.inFlight() << LOAD_SHIFT | worker.lastOffer & LAST_OFFER_MASK;
        long bit = 1L << (index & Long.SIZE - 1);
        if (worker.hasRoom()) {
            room[index / Long.SIZE] |= bit;
        } else {
            room[index / Long.SIZE] &= ~bit;
        }
    }

    /** Whether any worker has room. */
    boolean anyRoom() {
        for (long bits : room) {
            if (bits != 0) {
                return true;
            }
        }
        return false;
    }

    /** How many offers the workers that have nothing to do would take. */
    int idleRoom() {
        int room = 0;
        for (Worker worker = nextWithRoom(1); worker != null; worker = nextWithRoom(worker.slot() + 1)) {
            if (worker.offers().held() == 0) {
                room += worker.depth();
            }
        }
        return room;
    }

    /**
     * The worker with room that has least in flight, and among several the one whose last offer is the longest ago;
     * null if none has room. Looks at one number a worker, all in a row: with many workers the search is what costs.
     */
    @Nullable
    Worker leastBusy() {
        int best = -1;
        for (int word = 0; word < room.length; word++) {
            for (long bits = room[word]; bits != 0; bits &= bits - 1) {
                int index = word * Long.SIZE + Long.numberOfTrailingZeros(bits);
                if (best < 0 || loads[index] < loads[best]) {
                    best = index;
                }
            }
        }
        return best < 0 ? null : workers.get(best);
    }

    /** The next worker with room in slots from {@code slot} up, not wrapping; null if there is none. */
    @Nullable
    Worker nextWithRoom(int slot) {
        int index = slot - 1;
        int word = index / Long.SIZE;
        if (word >= room.length) {
            return null;
        }
        long bits = room[word] & -1L << (index & Long.SIZE - 1);
        while (bits == 0) {
            if (++word == room.length) {
                return null;
            }
            bits = room[word];
        }
        return workers.get(word * Long.SIZE + Long.numberOfTrailingZeros(bits));
    }

    /** Of the places that are wanted, or have a process all the same. */
    List<WorkerSnapshot> snapshots() {
        List<WorkerSnapshot> list = new ArrayList<>(workers.size());
        for (Worker worker : workers) {
            if (worker.wanted || worker.phase != Worker.Phase.ABSENT) {
                list.add(worker.snapshot());
            }
        }
        return list;
    }
}
