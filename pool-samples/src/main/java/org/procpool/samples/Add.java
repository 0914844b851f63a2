package org.procpool.samples;

import org.procpool.worker.JsonHandler;
import org.procpool.worker.TaskHandler;

/** {@code {"a":10,"b":20}} becomes {@code 30}; a sum that does not fit a long is an error, not a wrong number. */
final class Add {

    private Add() {}

    static TaskHandler handler() {
        return JsonHandler.of(Operands.class, (context, operands) -> Math.addExact(operands.a(), operands.b()));
    }
}
