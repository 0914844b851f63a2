package org.procpool.samples;

import java.util.Locale;
import org.procpool.proto.Payload;
import org.procpool.worker.TaskContext;
import org.procpool.worker.TaskHandler;

/** UTF-8 text in capitals, the same in every country. */
final class Uppercase implements TaskHandler {

    @Override
    public Payload handle(TaskContext context, Payload payload) {
        return Payload.of(payload.text().toUpperCase(Locale.ROOT));
    }
}
