package org.procpool;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.procpool.proto.Payload;
import org.procpool.worker.HandlerProvider;
import org.procpool.worker.JsonHandler;
import org.procpool.worker.TaskHandler;

/** What the workers of these tests can do. Public, because the workers make one by its name. */
public final class TestHandlers implements HandlerProvider {

    /** Two numbers. */
    public record Pair(int a, int b) {}

    @Override
    public Map<String, TaskHandler> handlers() {
        return Map.of(
                "echo", (context, payload) -> payload,
                "pid",
                        (context, payload) ->
                                Payload.of(Long.toString(ProcessHandle.current().pid())),
                "add", JsonHandler.of(Pair.class, (context, pair) -> pair.a() + pair.b()),
                "throw",
                        (context, payload) -> {
                            throw new IllegalStateException(payload.text());
                        },
                "halt",
                        (context, payload) -> {
                            Runtime.getRuntime().halt(Integer.parseInt(payload.text()));
                            return Payload.EMPTY;
                        },
                "sleep",
                        (context, payload) -> {
                            TimeUnit.MILLISECONDS.sleep(Long.parseLong(payload.text()));
                            return payload;
                        },
                "sleep-at-first",
                        (context, payload) -> {
                            TimeUnit.SECONDS.sleep(context.attempt() == 1 ? 60 : 0);
                            return payload;
                        },
                "spin",
                        (context, payload) -> {
                            long x = 0;
                            while (x >= 0) {
                                x = x + 1 & 0xFFFF;
                            }
                            return Payload.of(Long.toString(x));
                        });
    }
}
