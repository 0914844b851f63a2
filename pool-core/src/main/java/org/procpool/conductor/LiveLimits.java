package org.procpool.conductor;

/**
 * The limits that may change while the pool runs. New ones are for what begins or comes from then on. Owned by the
 * conductor's thread.
 */
public final class LiveLimits {

    private int queueTasksMax;
    private long queueBytesMax;
    private long runTimeoutNanos;
    private long graceNanos;
    private ClientLimits clients;

    LiveLimits(ConductorOptions options) {
        queueTasksMax = options.queueTasksMax();
        queueBytesMax = options.queueBytesMax();
        runTimeoutNanos = options.runTimeoutNanos();
        graceNanos = options.graceNanos();
        clients = options.clients();
    }

    void queue(int tasksMax, long bytesMax) {
        queueTasksMax = tasksMax;
        queueBytesMax = bytesMax;
    }

    void run(long timeout, long grace) {
        runTimeoutNanos = timeout;
        graceNanos = grace;
    }

    void clients(ClientLimits value) {
        clients = value;
    }

    /** Of each client. */
    public ClientLimits clients() {
        return clients;
    }

    /** Tasks that may wait. */
    public int queueTasksMax() {
        return queueTasksMax;
    }

    long queueBytesMax() {
        return queueBytesMax;
    }

    /** Of the task's attempts; 0 if it has none. */
    public long runLimitNanos(Task task) {
        return task.spec().runTimeoutNanos() != 0 ? task.spec().runTimeoutNanos() : runTimeoutNanos;
    }

    /** From an interrupt to the kill. */
    long graceNanos() {
        return graceNanos;
    }
}
