package org.procpool.conductor;

import org.jspecify.annotations.Nullable;
import org.procpool.proto.OnDisconnect;
import org.procpool.task.TaskSpec;

/**
 * One source of tasks, for example a connection. Owned by the conductor; the {@link #attachment} is its owner's own.
 */
public final class Client extends Timer {

    private final OnDisconnect onDisconnect;
    private final Object attachment;
    private final @Nullable Lane[] lanes = new Lane[TaskSpec.PRIORITIES];

    /** It has vanished; what it left behind may still be under way. */
    boolean gone;
    /** Its grace after vanishing is over: nothing of it is started or repeated any more. */
    boolean abandoned;
    /** It does not take its results, so nothing of it is started. */
    boolean paused;

    @Nullable
    private Task firstTask;

    Client(OnDisconnect onDisconnect, Object attachment) {
        this.onDisconnect = onDisconnect;
        this.attachment = attachment;
    }

    public OnDisconnect onDisconnect() {
        return onDisconnect;
    }

    /** What the caller of {@link Conductor#onClientOpened} gave. */
    public Object attachment() {
        return attachment;
    }

    Lane lane(int priority) {
        Lane lane = lanes[priority];
        if (lane == null) {
            lane = new Lane(this, priority);
            lanes[priority] = lane;
        }
        return lane;
    }

    /** Null while no task of that priority has been queued. */
    @Nullable
    Lane laneIfAny(int priority) {
        return lanes[priority];
    }

    /** Its attached tasks, the newest first; follow {@link Task#nextOfClient}. */
    @Nullable
    Task firstTask() {
        return firstTask;
    }

    void add(Task task) {
        Task first = firstTask;
        task.nextOfClient = first;
        if (first != null) {
            first.previousOfClient = task;
        }
        firstTask = task;
    }

    void remove(Task task) {
        Task previous = task.previousOfClient;
        Task next = task.nextOfClient;
        if (previous != null) {
            previous.nextOfClient = next;
        } else {
            firstTask = next;
        }
        if (next != null) {
            next.previousOfClient = previous;
        }
        task.previousOfClient = null;
        task.nextOfClient = null;
    }

    @Override
    boolean costsAProcess() {
        return false;
    }

    @Override
    void due(Expiry expiry, long nowNanos) {
        expiry.clientDue(this, nowNanos);
    }
}
