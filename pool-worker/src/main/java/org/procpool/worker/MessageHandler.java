package org.procpool.worker;

import java.nio.ByteBuffer;
import java.util.function.Function;
import org.procpool.proto.Payload;

/**
 * A handler on messages instead of bytes, of a format whose classes read and write bytes themselves: Protocol Buffers
 * first of all. The library of the format comes with the handlers, in whatever version they want; workers have none.
 *
 * @param <I> what the payload is read as
 * @param <O> what the result is written from
 */
@FunctionalInterface
public interface MessageHandler<I, O> {

    /**
     * Runs one task.
     *
     * @throws Exception as with {@link TaskHandler#handle}
     */
    O handle(TaskContext context, I input) throws Exception;

    /** Reads a message, for example {@code Greeting::parseFrom}. */
    @FunctionalInterface
    interface Parser<T> {

        /**
         * The message.
         *
         * @throws Exception if the bytes are not one
         */
        T parse(ByteBuffer bytes) throws Exception;
    }

    /**
     * Makes a {@link TaskHandler} of it. A payload that is not such a message makes the task FAILED with what the
     * parser throws.
     *
     * @param writer for example {@code Reply::toByteArray}
     */
    static <I, O> TaskHandler of(Parser<I> parser, Function<O, byte[]> writer, MessageHandler<I, O> handler) {
        return (context, payload) -> Payload.of(writer.apply(handler.handle(context, parser.parse(payload.buffer()))));
    }
}
