package org.procpool.samples;

import org.procpool.proto.Payload;
import org.procpool.worker.TaskContext;
import org.procpool.worker.TaskHandler;

/** The bytes from last to first. */
final class Reverse implements TaskHandler {

    @Override
    public Payload handle(TaskContext context, Payload payload) {
        byte[] bytes = payload.bytes();
        for (int left = 0, right = bytes.length - 1; left < right; left++, right--) {
            byte swapped = bytes[left];
            bytes[left] = bytes[right];
            bytes[right] = swapped;
        }
        return Payload.of(bytes);
    }
}
