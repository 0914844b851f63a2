package org.procpool.samples;

import java.util.HashMap;
import java.util.Map;
import org.procpool.worker.HandlerProvider;
import org.procpool.worker.TaskHandler;

/**
 * Handlers that do to a worker what the worst of real ones do. Not registered: a pool gets them only if its
 * configuration names this class.
 */
public final class MisbehavingHandlers implements HandlerProvider {

    @Override
    public Map<String, TaskHandler> handlers() {
        Map<String, TaskHandler> handlers = new HashMap<>();
        handlers.put("throw", new Throwing(true));
        handlers.put("throw-unserializable", new Throwing(false));
        handlers.put("exit", Leaving::exit);
        handlers.put("halt", Leaving::halt);
        handlers.put("kill-self", Leaving::kill);
        handlers.put("segv", Leaving::segv);
        handlers.put("result-then-kill", Leaving::killAfterResult);
        handlers.put("stop-self", Hanging::stop);
        handlers.put("spin", Hanging::spin);
        handlers.put("spin-counted", Hanging::spinCounted);
        handlers.put("ignore-interrupt", Hanging::ignoreInterrupt);
        handlers.put("close-sockets", Hanging::closeDataSocket);
        handlers.put("leak", Hoarding::leak);
        handlers.put("flood", Hoarding::flood);
        handlers.put("big-result", Hoarding::bigResult);
        return handlers;
    }
}
