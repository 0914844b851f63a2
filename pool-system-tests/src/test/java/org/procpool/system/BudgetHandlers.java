package org.procpool.system;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.procpool.proto.Payload;
import org.procpool.worker.HandlerProvider;
import org.procpool.worker.TaskHandler;

/** Tells what the worker's main thread has allocated so far, in bytes. */
public final class BudgetHandlers implements HandlerProvider {

    @Override
    public Map<String, TaskHandler> handlers() {
        return Map.of("allocated", (context, payload) -> Payload.of(Long.toString(allocatedBytes())));
    }

    private static long allocatedBytes() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    }
}
