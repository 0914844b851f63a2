package org.procpool.link;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.Payload;
import org.procpool.proto.TaskFrame;
import org.procpool.proto.TaskNames;
import org.procpool.task.WorkerResult;

/**
 * A few tasks that a worker answers itself, sent one after the other when it has said Ready and before it gets any
 * other. So what counts as ready has been shown to work, on the very way that tasks take; and the first of them does
 * not find code that never ran. Used on the loop only.
 */
final class SelfProbe {

    /** The first one loads and links what is needed, the others show that nothing more is. */
    static final int ROUNDS = 3;

    private static final int PAYLOAD_BYTES = 100;

    /** Dispatch of the probe that is out; 0 before the first. */
    private long dispatch;

    /** The next one; null if all have come back. */
    @Nullable
    TaskFrame next() {
        if (dispatch == ROUNDS) {
            return null;
        }
        dispatch++;
        return new TaskFrame(dispatch, 0, 1, TaskNames.PROBE, 0, Payload.of(payload(dispatch)));
    }

    private static byte[] payload(long dispatch) {
        byte[] payload = new byte[PAYLOAD_BYTES];
        Arrays.fill(payload, (byte) dispatch);
        return payload;
    }

    /** What is wrong with the answer; null if nothing is. */
    @Nullable
    String fault(long answered, WorkerResult result) {
        if (answered != dispatch) {
            return "it answered probe " + answered + " when probe " + dispatch + " was out";
        }
        if (result.error() != null) {
            return "its probe failed: " + result.error().message();
        }
        boolean same = Arrays.equals(result.payload().bytes(), payload(dispatch));
        return same ? null : "its probe came back changed";
    }
}
