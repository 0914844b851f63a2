package org.procpool.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.procpool.codec.CodecException.Reason;
import org.procpool.proto.Payload;

class JsonCodecTest {

    private static final int PLENTY = 1 << 20;

    record Item(String name, Object callback) {}

    record Request(List<Item> items) {}

    record Holder(Object field) {}

    record Sum(long a, long b) {}

    record Blob(byte[] bytes) {}

    record Deep(Map<String, List<Sum>> sums, @Nullable String note) {}

    record Nothing() {}

    record Even(int number) {
        Even {
            if (number % 2 != 0) {
                throw new IllegalArgumentException("odd");
            }
        }
    }

    static final class Order {
        public Customer customer = new Customer();
    }

    static final class Customer {
        public List<Order> orders = new ArrayList<>();
    }

    public static final class Failing {
        public String getText() {
            throw new IllegalStateException("closed");
        }
    }

    static final class Endless implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Stream.generate(() -> "again").iterator();
        }
    }

    interface Named {
        String getName();
    }

    @Test
    void a_record_comes_back_equal() {
        Deep value = new Deep(Map.of("x", List.of(new Sum(1, Long.MAX_VALUE), new Sum(-1, 0))), null);

        assertThat(JsonCodec.decode(JsonCodec.encode(value, PLENTY), Deep.class))
                .isEqualTo(value);
    }

    @Test
    void a_record_is_written_as_plain_json() {
        assertThat(JsonCodec.encode(new Sum(10, 20), PLENTY).text()).isEqualTo("{\"a\":10,\"b\":20}");
        assertThat(JsonCodec.encode(null, PLENTY).text()).isEqualTo("null");
    }

    @Test
    void a_record_without_components_is_an_empty_object() {
        Payload payload = JsonCodec.encode(new Nothing(), PLENTY);

        assertThat(payload.text()).isEqualTo("{}");
        assertThat(JsonCodec.decode(payload, Nothing.class)).isEqualTo(new Nothing());
    }

    @Test
    void bytes_of_every_value_arrive_exactly() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }

        Payload payload = JsonCodec.encode(new Blob(bytes), PLENTY);

        assertThat(JsonCodec.decode(payload, Blob.class).bytes()).isEqualTo(bytes);
    }

    @Test
    void a_large_array_of_bytes_arrives_exactly() {
        byte[] bytes = new byte[30_000_000];
        Arrays.fill(bytes, (byte) 0xA5);

        Payload payload = JsonCodec.encode(new Blob(bytes), 50_000_000);

        assertThat(JsonCodec.decode(payload, Blob.class).bytes()).isEqualTo(bytes);
    }

    @Test
    void a_lambda_is_refused_with_its_field_path_and_type() {
        Supplier<String> lambda = () -> "x";
        Request request = new Request(List.of(new Item("a", 1), new Item("b", 2), new Item("c", lambda)));

        CodecException error = encodingError(request, PLENTY);

        assertThat(error.reason()).isEqualTo(Reason.NOT_SERIALIZABLE);
        assertThat(error)
                .hasMessageContaining("request.items[2].callback")
                .hasMessageContaining("function")
                .hasMessageContaining("JsonCodecTest$$Lambda");
    }

    @Test
    void a_lambda_is_refused_when_it_looks_like_a_bean() {
        Named named = () -> "x";

        assertThat(encodingError(new Holder(named), PLENTY))
                .hasMessageContaining("holder.field")
                .extracting(CodecException::reason)
                .isEqualTo(Reason.NOT_SERIALIZABLE);
    }

    @Test
    void a_lambda_is_refused_when_it_is_the_value_itself() {
        Supplier<String> lambda = () -> "x";

        assertThat(encodingError(lambda, PLENTY)).hasMessageStartingWith("value cannot be sent");
    }

    static List<Object> uncarried() {
        Supplier<String> anonymous = new Supplier<>() {
            @Override
            public String get() {
                return "x";
            }
        };
        Runnable reference = new ArrayList<>()::clear;
        return List.of(
                Thread.currentThread(),
                new ByteArrayInputStream(new byte[1]),
                InputStream.nullInputStream(),
                new Socket(),
                JsonCodecTest.class.getClassLoader(),
                JsonCodecTest.class,
                ProcessHandle.current(),
                ThreadLocal.withInitial(() -> 1),
                new Object(),
                anonymous,
                reference);
    }

    @ParameterizedTest
    @MethodSource("uncarried")
    void what_is_no_data_is_refused_with_path_and_type(Object uncarried) {
        CodecException error = encodingError(new Holder(List.of("x", uncarried)), PLENTY);

        assertThat(error.reason()).isEqualTo(Reason.NOT_SERIALIZABLE);
        assertThat(error)
                .hasMessageStartingWith("holder.field[1] cannot be sent")
                .hasMessageContaining(uncarried.getClass().getName());
    }

    @Test
    void a_path_goes_through_maps_by_key() {
        assertThat(encodingError(Map.of("x", List.of(new Holder(new Object()))), PLENTY))
                .hasMessageStartingWith("value.x[0].field cannot be sent");
    }

    @Test
    void a_failing_accessor_is_named() {
        assertThat(encodingError(new Holder(new Failing()), PLENTY))
                .hasMessageContaining("holder.field")
                .extracting(CodecException::reason)
                .isEqualTo(Reason.NOT_SERIALIZABLE);
    }

    @Test
    void a_cycle_is_refused_with_its_path() {
        Order order = new Order();
        order.customer.orders.add(order);

        CodecException error = encodingError(order, PLENTY);

        assertThat(error).hasMessageContaining("order.customer.orders[0] -> order (");
        assertThat(error.reason()).isEqualTo(Reason.CYCLE);
    }

    @Test
    void a_cycle_is_refused_when_it_starts_below_the_root() {
        Order order = new Order();
        order.customer.orders.add(order);

        assertThat(encodingError(new Holder(List.of(1, order)), PLENTY))
                .hasMessageContaining("holder.field[1].customer.orders[0] -> holder.field[1] (");
    }

    @Test
    void a_list_that_contains_itself_is_refused() {
        List<Object> list = new ArrayList<>();
        list.add(list);

        assertThat(encodingError(list, PLENTY)).hasMessageContaining("value[0] -> value (");
    }

    @Test
    void the_same_object_twice_is_no_cycle() {
        Sum shared = new Sum(1, 2);

        assertThat(JsonCodec.encode(List.of(shared, shared), PLENTY).text())
                .isEqualTo("[{\"a\":1,\"b\":2},{\"a\":1,\"b\":2}]");
    }

    @Test
    void a_value_is_refused_when_it_is_one_byte_over_the_limit() {
        assertThat(JsonCodec.encode("x".repeat(98), 100).size()).isEqualTo(100);

        CodecException error = encodingError("x".repeat(99), 100);

        assertThat(error.reason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(error).hasMessageContaining("at least 101 bytes").hasMessageContaining("the limit is 100");
    }

    @Test
    void a_value_without_end_is_refused_at_the_limit() {
        CodecException error = encodingError(new Holder(new Endless()), PLENTY);

        assertThat(error.reason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(error).hasMessageContaining("at least").hasMessageContaining("the limit is " + PLENTY);
    }

    @Test
    void a_missing_or_null_number_is_malformed() {
        assertThat(decodingError("{\"a\":1}", Sum.class)).hasMessageContaining("sum");
        assertThat(decodingError("{\"a\":1,\"b\":null}", Sum.class)).hasMessageContaining("sum.b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "{",
                "[]",
                "5",
                "hunter2",
                "{\"a\":1,\"b\":2} 3",
                "{\"a\":1,\"b\":2}}",
                "{\"a\":1.5,\"b\":2}",
                "{\"a\":\"hunter2\",\"b\":2}",
                "{\"a\":\"1\",\"b\":2}",
                "{\"a\":1,\"b\":2,\"c\":3}",
                "{\"a\":true,\"b\":2}",
                "{\"a\":99999999999999999999,\"b\":2}"
            })
    void what_is_not_such_a_value_is_malformed_and_never_quoted(String json) {
        CodecException error = decodingError(json, Sum.class);

        assertThat(error.reason()).isEqualTo(Reason.MALFORMED);
        assertThat(error).message().doesNotContain("hunter2", "99999999999999999999");
        assertThat(error.getCause()).isNull();
    }

    @Test
    void a_wrong_value_is_named_by_path_and_type() {
        assertThat(decodingError("{\"sums\":{\"x\":[{\"a\":1,\"b\":2},{\"a\":1,\"b\":[]}]},\"note\":null}", Deep.class))
                .hasMessageStartingWith("deep.sums.x[1].b is missing, null or not a valid long at line 1");
    }

    @Test
    void a_constructor_that_refuses_its_values_is_the_cause() {
        assertThat(decodingError("{\"number\":3}", Even.class))
                .hasMessageContaining("even")
                .cause()
                .hasMessage("odd");
    }

    @Test
    void a_type_without_a_json_form_is_named_when_it_is_read() {
        CodecException error = decodingError("{\"task\":{}}", Job.class);

        assertThat(error.reason()).isEqualTo(Reason.NOT_SERIALIZABLE);
        assertThat(error).hasMessageContaining("java.lang.Runnable");
    }

    record Job(Runnable task) {}

    private static CodecException encodingError(Object value, int bytesMax) {
        return catchThrowableOfType(CodecException.class, () -> JsonCodec.encode(value, bytesMax));
    }

    private static <T> CodecException decodingError(String json, Class<T> type) {
        return catchThrowableOfType(CodecException.class, () -> JsonCodec.decode(Payload.of(json), type));
    }
}
