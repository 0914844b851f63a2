package org.procpool.cli;

import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears SIGTERM and Ctrl-C. A shutdown hook would not do: the JVM would end with 143 after a clean drain, and hear no
 * second signal. The JDK's class for it is found by name, because the compiler warns of it where it cannot be silenced.
 */
final class Signals {

    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    private Signals() {}

    /** Calls the action, on a thread of the JVM's, each time that the signal comes. The action must not wait. */
    static void on(String name, Runnable action) {
        try {
            Class<?> signalClass = Class.forName("sun.misc.Signal");
            Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
            Object handler = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handlerClass}, (proxy, method, arguments) -> {
                        return switch (method.getName()) {
                            case "hashCode" -> System.identityHashCode(proxy);
                            case "equals" -> arguments[0] == proxy;
                            case "toString" -> "handler of SIG" + name;
                            default -> {
                                action.run();
                                yield null;
                            }
                        };
                    });
            Object signal = signalClass.getConstructor(String.class).newInstance(name);
            signalClass.getMethod("handle", signalClass, handlerClass).invoke(null, signal, handler);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            LOG.warn(
                    "this JVM does not let SIG{} be heard ({}); it ends the service without a drain",
                    name,
                    e.toString());
        }
    }
}
