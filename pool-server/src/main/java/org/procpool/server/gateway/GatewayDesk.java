package org.procpool.server.gateway;

import org.jspecify.annotations.Nullable;
import org.procpool.PoolPort;
import org.procpool.conductor.Task;
import org.procpool.proto.OnDisconnect;
import org.procpool.proto.TaskState;
import org.procpool.proto.TaskStatusFrame;
import org.procpool.server.desk.Asker;
import org.procpool.server.desk.TaskDesk;
import org.procpool.spool.Spool;
import org.procpool.task.Outcome;
import org.procpool.task.TaskSpec;

/**
 * Takes tasks of those who are not on the pool's loop, and shares with the gateway what is kept of detached ones: a
 * task that came in by one door can be fetched by the other.
 */
final class GatewayDesk implements TaskDesk {

    private final Gateway gateway;
    private final PoolPort pool;
    private final int payloadBytesMax;
    private final Parties parties;

    GatewayDesk(Gateway gateway, PoolPort pool, int payloadBytesMax) {
        this.gateway = gateway;
        this.pool = pool;
        this.payloadBytesMax = payloadBytesMax;
        this.parties = new Parties(pool);
    }

    @Override
    public int payloadBytesMax() {
        return payloadBytesMax;
    }

    @Override
    public @Nullable Spool spool() {
        return pool.spool();
    }

    @Override
    public Runnable submit(String party, TaskSpec spec, OnDisconnect onDisconnect, Asker asker) {
        Visitor visitor = new Visitor(gateway, pool, parties, party, asker);
        onLoop(() -> visitor.submit(spec, onDisconnect));
        return () -> onLoop(visitor::leave);
    }

    @Override
    public Runnable query(long taskId, long waitMillis, Asker asker) {
        EndWait waiting = new EndWait(gateway, taskId, new EndWait.Waiter() {
            @Override
            public void ended(@Nullable Outcome outcome) {
                if (outcome != null) {
                    answer(asker, outcome);
                } else {
                    asker.stands(taskId, TaskState.FINISHED, EndWait.DELIVERED);
                }
            }

            @Override
            public void timeUp() {
                stands(taskId, asker);
            }
        });
        onLoop(() -> {
            Outcome kept = gateway.keptOutcome(taskId);
            if (kept != null) {
                answer(asker, kept);
            } else if (waitMillis == 0 || pool.task(taskId) == null) {
                stands(taskId, asker);
            } else {
                waiting.begin(pool.eventLoop(), waitMillis);
            }
        });
        return () -> onLoop(waiting::leave);
    }

    @Override
    public Runnable cancel(long taskId, Asker asker) {
        onLoop(() -> {
            Outcome kept = gateway.keptOutcome(taskId);
            if (kept != null) {
                answer(asker, kept);
                return;
            }
            Task task = pool.task(taskId);
            if (task != null) {
                // Before it is gone: one that waits ends at once.
                pool.cancel(taskId);
                asker.stands(taskId, TaskState.CANCELLING, "it is being cancelled");
            } else {
                stands(taskId, asker);
            }
        });
        return () -> {};
    }

    static void answer(Asker asker, Outcome outcome) {
        outcome.payload().hold();
        asker.ended(outcome);
    }

    private void stands(long taskId, Asker asker) {
        TaskStatusFrame status = TaskStatuses.of(0, taskId, pool.task(taskId), false);
        asker.stands(taskId, status.state(), status.detail());
    }

    private void onLoop(Runnable work) {
        pool.eventLoop().execute(() -> {
            work.run();
            pool.endTurn();
        });
    }
}
