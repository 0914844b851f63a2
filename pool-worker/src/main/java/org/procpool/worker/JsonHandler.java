package org.procpool.worker;

import org.jspecify.annotations.Nullable;
import org.procpool.codec.JsonCodec;

/**
 * A handler on values instead of bytes: JSON in, JSON out, best with records.
 *
 * @param <I> what the payload is read as
 * @param <O> what the result is written from
 */
@FunctionalInterface
public interface JsonHandler<I, O extends @Nullable Object> {

    /**
     * Runs one task.
     *
     * @throws Exception as with {@link TaskHandler#handle}
     */
    O handle(TaskContext context, I input) throws Exception;

    /**
     * Makes a {@link TaskHandler} of it. A payload that is not such a value, or a result that has no JSON form, makes
     * the task FAILED with a {@link org.procpool.codec.CodecException} that names the field.
     */
    static <I, O extends @Nullable Object> TaskHandler of(Class<I> inputType, JsonHandler<I, O> handler) {
        return (context, payload) -> JsonCodec.encode(
                handler.handle(context, JsonCodec.decode(payload, inputType)), context.payloadBytesMax());
    }
}
