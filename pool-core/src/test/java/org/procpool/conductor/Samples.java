package org.procpool.conductor;

import org.procpool.proto.OnDisconnect;
import org.procpool.proto.Payload;
import org.procpool.task.TaskSpec;

/** Tasks and clients for the tests of data structures. */
final class Samples {

    private Samples() {}

    static Client client() {
        return new Client(OnDisconnect.KEEP, "client");
    }

    static Task task(long id) {
        return task(id, client(), 4);
    }

    static Task task(long id, Client client, int priority) {
        TaskSpec spec = TaskSpec.of("echo", Payload.of("12345")).withPriority(priority);
        return new Task(id, client, id, spec, 0);
    }
}
