package org.procpool.conductor;

import org.jspecify.annotations.Nullable;
import org.procpool.proto.OnDisconnect;

/**
 * One source of tasks, for example a connection. Owned by the conductor; the {@link #attachment} is its owner's own.
 */
public final class Client extends Timer {

    private final OnDisconnect onDisconnect;
    private final Object attachment;
    private final Share share;

    /** It has vanished; what it left behind may still be under way. */
    boolean gone;
    /** Its grace after vanishing is over: nothing of it is started or repeated any more. */
    boolean abandoned;

    @Nullable
    private Task firstTask;

    Client(OnDisconnect onDisconnect, Object attachment, Share share) {
        this.onDisconnect = onDisconnect;
        this.attachment = attachment;
        this.share = share;
    }

    public OnDisconnect onDisconnect() {
        return onDisconnect;
    }

    /** What the caller of {@link Conductor#onClientOpened} gave. */
    public Object attachment() {
        return attachment;
    }

    /** What it has of the pool, alone or with others of its party. */
    Share share() {
        return share;
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
