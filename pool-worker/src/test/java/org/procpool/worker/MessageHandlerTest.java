package org.procpool.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.StringValue;
import java.lang.reflect.Proxy;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.procpool.proto.Payload;

/** Handlers on messages of Protocol Buffers. */
class MessageHandlerTest {

    private static final TaskHandler GREET = MessageHandler.of(
            StringValue::parseFrom,
            StringValue::toByteArray,
            (context, name) -> StringValue.of("Hello, " + name.getValue()));

    private final TaskContext context = (TaskContext) Proxy.newProxyInstance(
            TaskContext.class.getClassLoader(), new Class<?>[] {TaskContext.class}, (proxy, method, arguments) -> {
                throw new UnsupportedOperationException(method.getName());
            });

    @Test
    void message_goes_in_and_message_comes_out() throws Exception {
        Payload payload = Payload.of(StringValue.of("Ada").toByteArray());
        Payload result = Objects.requireNonNull(GREET.handle(context, payload));
        assertThat(StringValue.parseFrom(result.buffer()).getValue()).isEqualTo("Hello, Ada");
    }

    @Test
    void payload_that_is_no_such_message_is_a_failure_that_says_so() {
        assertThatThrownBy(() -> GREET.handle(context, Payload.of("not a message")))
                .isInstanceOf(InvalidProtocolBufferException.class);
    }
}
