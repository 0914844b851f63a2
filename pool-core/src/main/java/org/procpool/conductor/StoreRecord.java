package org.procpool.conductor;

/** What a durable pool's store is asked to keep. */
public sealed interface StoreRecord {

    Task task();

    /** The task exists and must run. */
    record Submitted(Task task) implements StoreRecord {}

    /** The task has ended, with the outcome given, and must not run again. */
    record Settled(Task task, org.procpool.task.Outcome outcome) implements StoreRecord {}
}
