package org.procpool.worker;

import java.util.List;
import java.util.Map;
import org.procpool.proto.Payload;

/** What a {@link Rehearsal} runs: the ways through the handler API that most take. For the service loader only. */
public final class RehearsalHandlers implements HandlerProvider {

    static final String BYTES = "rehearsal-bytes";
    static final String JSON = "rehearsal-json";
    static final String FAILING = "rehearsal-failing";

    /** Comes from the handlers' own class path if it is there, as it is when an archive is made. */
    private static final String LIBRARY_CLASS = "com.fasterxml.jackson.annotation.JacksonAnnotation";

    static final String JSON_PAYLOAD = """
            {"name":"ä","count":3,"size":4,"ratio":0.5,"on":true,"words":["x"],"sums":{"k":1},"part":{"a":1,"b":2}}""";

    @Override
    public Map<String, TaskHandler> handlers() {
        loadFromJar();
        return Map.of(
                BYTES,
                RehearsalHandlers::bytes,
                JSON,
                JsonHandler.of(Sample.class, (context, sample) -> sample),
                FAILING,
                (context, payload) -> {
                    throw new IllegalStateException("a failure as rehearsed");
                });
    }

    /** What the JDK needs for the first class of a handler's jar is met nowhere else. */
    private static void loadFromJar() {
        try {
            Class.forName(LIBRARY_CLASS, true, Thread.currentThread().getContextClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("a worker without its libraries", e);
        }
    }

    private static Payload bytes(TaskContext context, Payload payload) {
        context.progress(0.5, "half-way");
        return Payload.of(payload.bytes());
    }

    /** One field of each kind that values are mostly made of. */
    record Sample(
            String name,
            int count,
            long size,
            double ratio,
            boolean on,
            List<String> words,
            Map<String, Integer> sums,
            Part part) {}

    record Part(int a, int b) {}
}
