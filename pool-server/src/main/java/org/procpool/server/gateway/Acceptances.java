package org.procpool.server.gateway;

import org.procpool.PoolPort;
import org.procpool.conductor.Task;
import org.procpool.link.FrameSender;
import org.procpool.link.Turn;
import org.procpool.proto.AcceptedFrame;

/**
 * What a client has not been told of its accepted tasks: a run of them goes in one frame, which waits a little for
 * results to travel with. Who waits for a result is not helped by being woken before it is there; with one task at a
 * time the frame would cost the loop a fourth of its system calls. Used on the loop only.
 */
final class Acceptances {

    private final PoolPort pool;
    private final FrameSender sender;
    private final Turn.Flushable atTurnEnd = this::turnEnded;
    private final Turn.Flushable atLast = this::waitedEnough;

    private boolean pending;
    /** It has become pending since {@link #atLast} was asked for, or came last. */
    private boolean young;

    private long correlation;
    private long taskId;
    private int more;
    private boolean turnEndDue;
    private boolean waiting;

    Acceptances(PoolPort pool, FrameSender sender) {
        this.pool = pool;
        this.sender = sender;
    }

    /** To be told; at the end of this turn if the task is detached, since nothing else may ever be sent then. */
    void add(Task task) {
        if (pending && task.correlation() == correlation + more + 1 && task.id() == taskId + more + 1) {
            more++;
        } else {
            tell();
            pending = true;
            young = true;
            correlation = task.correlation();
            taskId = task.id();
            more = 0;
        }
        if (task.spec().detached()) {
            if (!turnEndDue) {
                turnEndDue = true;
                pool.turn().add(atTurnEnd);
            }
        } else if (!waiting) {
            waitForCompany();
        }
    }

    /** To be called before anything else is sent, so that it comes first. */
    void tell() {
        if (pending) {
            pending = false;
            sender.send(new AcceptedFrame(correlation, taskId, more));
        }
    }

    private void turnEnded() {
        turnEndDue = false;
        tell();
    }

    private void waitForCompany() {
        waiting = true;
        pool.turn().addSoon(atLast, pool.nowNanos());
    }

    /** All clients' waiting ends at once; what has only just begun to wait gets another chance. */
    private void waitedEnough() {
        waiting = false;
        if (pending && young) {
            young = false;
            waitForCompany();
        } else {
            tell();
        }
    }
}
