package org.procpool.conductor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All unfinished tasks by id: open addressing with linear probing, deletion by shifting back. Ids are consecutive, so
 * the id itself is the hash and the table fills like an array. That makes long rows of neighbours, each in its own
 * place; within a row the entries stand in the order of those places, so that every search and every shift ends at the
 * first entry that is where it belongs. Owned by the conductor's thread.
 *
 * @see <a href="https://cs.uwaterloo.ca/research/tr/1986/CS-86-14.pdf">Celis, Robin Hood hashing, 1986</a>
 */
final class TaskTable {

    /** Never fewer places: what ebbs and flows with the windows of some clients needs no larger and smaller tables. */
    private static final int CAPACITY_MIN = 4096;
    /** It halves when fewer than one place in so many is taken: far from growing, so that no ebb and flow does both. */
    private static final int SPARSE = 32;

    private @Nullable Task[] slots = new Task[CAPACITY_MIN];
    private int size;

    int size() {
        return size;
    }

    void put(Task task) {
        if (2 * (size + 1) > slots.length) {
            resize(2 * slots.length);
        }
        insert(task);
        size++;
    }

    @Nullable
    Task get(long id) {
        int mask = slots.length - 1;
        int i = (int) id & mask;
        for (int distance = 0; ; distance++) {
            Task task = slots[i];
            if (task == null || task.id() == id) {
                return task;
            }
            if (distance(task, i) < distance) {
                return null;
            }
            i = i + 1 & mask;
        }
    }

    /** How far the entry is from the place where it belongs. */
    private int distance(Task task, int place) {
        return place - (int) task.id() & slots.length - 1;
    }

    void remove(Task task) {
        int mask = slots.length - 1;
        int hole = (int) task.id() & mask;
        while (slots[hole] != task) {
            if (slots[hole] == null) {
                throw new IllegalStateException("task " + task.id() + " is not in the table");
            }
            hole = hole + 1 & mask;
        }
        int next = hole + 1 & mask;
        for (Task behind = slots[next]; behind != null && distance(behind, next) > 0; behind = slots[next]) {
            slots[hole] = behind;
            hole = next;
            next = next + 1 & mask;
        }
        slots[hole] = null;
        size--;
        if (slots.length > CAPACITY_MIN && SPARSE * size < slots.length) {
            resize(slots.length / 2);
        }
    }

    /** A copy in the table's order, which depends on the ids alone. */
    List<Task> toList() {
        List<Task> list = new ArrayList<>(size);
        for (Task task : slots) {
            if (task != null) {
                list.add(task);
            }
        }
        return list;
    }

    /** Up to so many, those handed to a worker first, then by id. */
    List<Task> runningFirst(int max) {
        List<Task> list = toList();
        list.sort((a, b) -> a.workerSlot() != 0 == (b.workerSlot() != 0)
                ? Long.compareUnsigned(a.id(), b.id())
                : a.workerSlot() != 0 ? -1 : 1);
        return List.copyOf(list.subList(0, Math.min(max, list.size())));
    }

    private void insert(Task task) {
        int mask = slots.length - 1;
        int i = (int) task.id() & mask;
        int distance = 0;
        Task carried = task;
        for (Task there = slots[i]; there != null; there = slots[i]) {
            int theirs = distance(there, i);
            if (theirs < distance) {
                slots[i] = carried;
                carried = there;
                distance = theirs;
            }
            i = i + 1 & mask;
            distance++;
        }
        slots[i] = carried;
    }

    private void resize(int capacity) {
        @Nullable Task[] old = slots;
        slots = new Task[capacity];
        for (Task task : old) {
            if (task != null) {
                insert(task);
            }
        }
    }
}
