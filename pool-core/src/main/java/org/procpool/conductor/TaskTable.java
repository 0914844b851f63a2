package org.procpool.conductor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All unfinished tasks by id: open addressing with linear probing, deletion by shifting back. Ids are consecutive, so
 * the id itself is the hash and the table fills like an array. Owned by the conductor's thread.
 */
final class TaskTable {

    private static final int CAPACITY_MIN = 64;

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
        for (int i = (int) id & mask; ; i = i + 1 & mask) {
            Task task = slots[i];
            if (task == null || task.id() == id) {
                return task;
            }
        }
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
        for (int i = hole + 1 & mask; slots[i] != null; i = i + 1 & mask) {
            int home = (int) slots[i].id() & mask;
            // The entry may fill the hole if its home is not between the hole and itself.
            if ((i - home & mask) >= (i - hole & mask)) {
                slots[hole] = slots[i];
                hole = i;
            }
        }
        slots[hole] = null;
        size--;
        if (slots.length > CAPACITY_MIN && 8 * size < slots.length) {
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
        while (slots[i] != null) {
            i = i + 1 & mask;
        }
        slots[i] = task;
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
