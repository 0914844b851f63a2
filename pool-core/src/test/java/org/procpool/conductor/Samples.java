package org.procpool.conductor;

import org.procpool.proto.OnDisconnect;
import org.procpool.proto.Payload;
import org.procpool.task.Routing;
import org.procpool.task.TaskSpec;

/** Tasks and clients for the tests of data structures. */
final class Samples {

    private Samples() {}

    /** So many workers, no spares, eight offers a worker, sixteen claims. */
    static ConductorOptions options(int workers) {
        return new ConductorOptions(
                workers,
                0,
                Routing.LEAST_BUSY,
                100,
                1000,
                1000,
                8,
                16,
                0,
                1,
                1,
                1,
                1,
                1,
                1,
                1,
                1,
                WorkerLimits.NONE,
                Elasticity.NONE,
                PoisonLimits.DEFAULT,
                ClientLimits.NONE,
                false);
    }

    static Client client() {
        return new Client(OnDisconnect.KEEP, "client", new Share());
    }

    static Task task(long id) {
        return task(id, client(), 4);
    }

    static Task taskOf(long id, int payloadBytes) {
        return new Task(id, client(), id, TaskSpec.of("echo", Payload.of(new byte[payloadBytes])), 0);
    }

    static Task task(long id, Client client, int priority) {
        TaskSpec spec = TaskSpec.of("echo", Payload.of("12345")).withPriority(priority);
        return new Task(id, client, id, spec, 0);
    }
}
