package org.procpool.samples;

import java.util.HashMap;
import java.util.Map;
import org.procpool.worker.HandlerProvider;
import org.procpool.worker.TaskHandler;

/** The samples that behave. Registered in META-INF/services, so a worker with this jar finds them by itself. */
public final class SampleHandlers implements HandlerProvider {

    @Override
    public Map<String, TaskHandler> handlers() {
        Map<String, TaskHandler> handlers = new HashMap<>();
        handlers.put("echo", new Echo());
        handlers.put("echo-pid", new EchoPid());
        handlers.put("reverse", new Reverse());
        handlers.put("uppercase", new Uppercase());
        handlers.put("add", Add.handler());
        handlers.put("multiply", Multiply.handler());
        handlers.put("fib", new Fib());
        handlers.put("sleep", new Sleep());
        handlers.put("linger", new Linger());
        handlers.put("sha256", new Sha256());
        handlers.put("sha256-file", new Sha256File());
        handlers.put("wordcount", new WordCount());
        handlers.put("thumbnail", new Thumbnail());
        return handlers;
    }
}
