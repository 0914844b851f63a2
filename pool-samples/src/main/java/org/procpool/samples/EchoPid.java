package org.procpool.samples;

import org.procpool.codec.JsonCodec;
import org.procpool.proto.Payload;
import org.procpool.worker.TaskContext;
import org.procpool.worker.TaskHandler;

/**
 * Gives back the text and the number of the process that ran it: {@code hi} becomes {@code {"message":"hi","pid":7}}.
 */
final class EchoPid implements TaskHandler {

    record Echoed(String message, long pid) {}

    @Override
    public Payload handle(TaskContext context, Payload payload) {
        Echoed echoed = new Echoed(payload.text(), ProcessHandle.current().pid());
        return JsonCodec.encode(echoed, context.payloadBytesMax());
    }
}
