package org.procpool.system;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.Payload;
import org.procpool.worker.HandlerProvider;
import org.procpool.worker.TaskContext;
import org.procpool.worker.TaskHandler;

/** Handlers that do this and that with large payloads. Public, because workers make one by its name. */
public final class PayloadHandlers implements HandlerProvider {

    /** Of the task before. Used by the task thread. */
    private @Nullable Payload kept;

    private @Nullable ByteBuffer keptView;

    @Override
    public Map<String, TaskHandler> handlers() {
        Map<String, TaskHandler> handlers = new HashMap<>();
        handlers.put("double", (context, payload) -> {
            byte[] twice = Arrays.copyOf(payload.bytes(), 2 * payload.size());
            System.arraycopy(twice, 0, twice, payload.size(), payload.size());
            return Payload.of(twice);
        });
        handlers.put("front", (context, payload) -> Payload.of(Arrays.copyOf(payload.bytes(), payload.size() - 1)));
        handlers.put("view", (context, payload) -> {
            keptView = payload.buffer();
            return Payload.of(keptView);
        });
        handlers.put("keep", (context, payload) -> {
            kept = payload;
            return Payload.of(Integer.toString(payload.size()));
        });
        handlers.put("kept", (context, payload) -> kept == null ? Payload.EMPTY : Payload.of(kept.bytes()));
        handlers.put("die-first", PayloadHandlers::dieFirst);
        return handlers;
    }

    /** Dies in its first attempt with the payload turned to nothing, as far as it can. */
    private static Payload dieFirst(TaskContext context, Payload payload) {
        byte[] bytes = payload.bytes();
        if (context.attempt() == 1) {
            Runtime.getRuntime().halt(1);
        }
        return Payload.of(bytes);
    }
}
