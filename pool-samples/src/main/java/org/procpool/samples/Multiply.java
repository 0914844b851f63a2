package org.procpool.samples;

import org.procpool.worker.JsonHandler;
import org.procpool.worker.TaskHandler;

/** {@code {"a":6,"b":7}} becomes {@code 42}; a product that does not fit a long is an error, not a wrong number. */
final class Multiply {

    private Multiply() {}

    static TaskHandler handler() {
        return JsonHandler.of(Operands.class, (context, operands) -> Math.multiplyExact(operands.a(), operands.b()));
    }
}
