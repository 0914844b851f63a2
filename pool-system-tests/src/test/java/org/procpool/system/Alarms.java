package org.procpool.system;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.procpool.PoolListener;

/** Alarms that must never be raised, whatever a test does to a pool and its workers. */
final class Alarms {

    /** Written by the pools' threads, emptied by {@link LeakCheck} before each test. */
    static final List<String> RAISED = new CopyOnWriteArrayList<>();

    private Alarms() {}

    /** The listener, with an ear for alarms. */
    static PoolListener heardBeside(PoolListener listener) {
        return (PoolListener) Proxy.newProxyInstance(
                PoolListener.class.getClassLoader(), new Class<?>[] {PoolListener.class}, (proxy, event, arguments) -> {
                    if (arguments != null && arguments[0] instanceof PoolListener.PoolStuck stuck) {
                        RAISED.add(stuck.why());
                    }
                    return event.invoke(listener, arguments);
                });
    }
}
