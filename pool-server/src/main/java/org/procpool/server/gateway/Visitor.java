package org.procpool.server.gateway;

import org.jspecify.annotations.Nullable;
import org.procpool.ClientSink;
import org.procpool.PoolPort;
import org.procpool.conductor.Client;
import org.procpool.conductor.Task;
import org.procpool.proto.OnDisconnect;
import org.procpool.proto.TaskState;
import org.procpool.server.desk.Asker;
import org.procpool.task.Outcome;
import org.procpool.task.RejectReason;
import org.procpool.task.TaskSpec;

/** A client of one task, who comes to the desk with it. Used on the loop only. */
final class Visitor implements ClientSink {

    private final Gateway gateway;
    private final PoolPort pool;
    private final Parties parties;
    private final String party;
    private final Asker asker;
    /** Null until it has submitted, and once it has its answer. */
    private @Nullable Client client;

    Visitor(Gateway gateway, PoolPort pool, Parties parties, String party, Asker asker) {
        this.gateway = gateway;
        this.pool = pool;
        this.parties = parties;
        this.party = party;
        this.asker = asker;
    }

    void submit(TaskSpec spec, OnDisconnect onDisconnect) {
        Client opened = parties.open(party, onDisconnect, this);
        client = opened;
        pool.submit(opened, 0, spec);
    }

    /** Does not want the answer any more. */
    void leave() {
        if (client != null) {
            pool.gone(client);
            client = null;
        }
    }

    @Override
    public void accepted(Task task) {
        if (task.spec().detached()) {
            client = null;
            asker.stands(task.id(), TaskState.QUEUED, "it waits for a worker");
        }
    }

    @Override
    public void rejected(long correlation, RejectReason reason, String message) {
        client = null;
        parties.ended(party);
        asker.ended(Outcome.rejected(reason, message));
    }

    @Override
    public void progress(Task task, double fraction, String note) {
        // An answer has no place for it.
    }

    @Override
    public void completed(Task task, Outcome outcome) {
        boolean detached = task.spec().detached();
        if (!detached) {
            client = null;
            GatewayDesk.answer(asker, outcome);
        }
        parties.ended(party);
        gateway.ended(outcome, detached);
    }
}
