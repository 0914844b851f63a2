package org.procpool.codec;

import static org.procpool.codec.CodecException.Reason.MALFORMED;
import static org.procpool.codec.CodecException.Reason.NOT_SERIALIZABLE;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.Payload;

/**
 * Values to payloads and back, as JSON; byte arrays as base64. Strict, because a task that runs on half-read input is
 * worse than one that is refused: no silent zero for a missing number, no 1 for "1" or 1.5, no unknown fields, nothing
 * behind the value. Thread-safe.
 */
public final class JsonCodec {

    private static final ObjectMapper MAPPER = mapper();

    private JsonCodec() {}

    private static ObjectMapper mapper() {
        // The payload's own limit bounds strings; base64 of a large array is one string.
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxStringLength(Integer.MAX_VALUE)
                        .build())
                .build();
        SimpleModule uncarried = new SimpleModule("procpool-uncarried") {
            @Override
            public void setupModule(SetupContext context) {
                context.addSerializers(new Uncarried());
            }
        };
        return JsonMapper.builder(factory)
                .addModule(uncarried)
                .disable(SerializationFeature.WRAP_EXCEPTIONS, SerializationFeature.FLUSH_AFTER_WRITE_VALUE)
                .enable(
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .build();
    }

    /**
     * Writes a value.
     *
     * @param payloadBytesMax largest payload, in bytes; no buffer beyond it is built
     * @throws CodecException NOT_SERIALIZABLE, CYCLE or TOO_LARGE, naming field and type, the cycle, or size and limit
     */
    public static Payload encode(@Nullable Object value, int payloadBytesMax) {
        BoundedBytes bytes = new BoundedBytes(payloadBytesMax);
        String root = value == null ? "value" : FieldPath.root(value.getClass());
        try {
            CycleGuard generator = new CycleGuard(MAPPER.createGenerator(bytes), root);
            try {
                MAPPER.writeValue(generator, value);
            } catch (JsonProcessingException | RuntimeException e) {
                throw unwritable(generator.path(), e);
            }
            generator.flush();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return Payload.of(bytes.toByteArray());
    }

    private static CodecException unwritable(String path, Exception e) {
        // What an accessor or one of our own checks throws may come wrapped, with Jackson's idea of the path.
        Throwable cause = e instanceof JsonMappingException && e.getCause() != null ? e.getCause() : e;
        if (cause instanceof CodecException refusal) {
            return refusal;
        }
        if (cause instanceof InvalidDefinitionException definition && definition.getType() != null) {
            String type = definition.getType().getRawClass().getName();
            return new CodecException(
                    NOT_SERIALIZABLE, path + " cannot be sent: its type " + type + " has no JSON form", null);
        }
        if (cause instanceof JsonProcessingException json) {
            return new CodecException(NOT_SERIALIZABLE, path + " cannot be sent: " + json.getOriginalMessage(), null);
        }
        return new CodecException(NOT_SERIALIZABLE, path + " cannot be read from its object: " + cause, cause);
    }

    /**
     * Reads a value.
     *
     * @throws CodecException MALFORMED if the payload is not the JSON of such a value, naming the field;
     *     NOT_SERIALIZABLE if no value of that type can be made from JSON
     */
    public static <T> T decode(Payload payload, Class<T> type) {
        T value;
        try {
            value = MAPPER.readValue(payload.bytes(), type);
        } catch (JsonMappingException e) {
            throw unreadable(type, e);
        } catch (JsonProcessingException e) {
            throw new CodecException(
                    MALFORMED, "the payload is not JSON" + at(e) + ", where " + type.getName() + " is expected", null);
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
        if (value == null) {
            throw new CodecException(MALFORMED, "the payload is null, where " + type.getName() + " is expected", null);
        }
        return value;
    }

    // Jackson's own messages quote the payload, so none of them is passed on, and no exception of Jackson's as cause.
    private static CodecException unreadable(Class<?> type, JsonMappingException e) {
        String path = path(type, e.getPath());
        if (e instanceof UnrecognizedPropertyException) {
            return new CodecException(MALFORMED, path + " is not a field of " + type.getName(), null);
        }
        if (e instanceof ValueInstantiationException) {
            Throwable cause = e.getCause();
            String refusal = cause == null ? "" : " (" + cause.getClass().getName() + ")";
            return new CodecException(MALFORMED, path + " is refused by the constructor of its type" + refusal, cause);
        }
        if (e instanceof InvalidDefinitionException definition && definition.getType() != null) {
            String unknown = definition.getType().getRawClass().getName();
            return new CodecException(
                    NOT_SERIALIZABLE, path + " cannot be read: JSON has no form for its type " + unknown, null);
        }
        Class<?> expected = e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null
                ? mismatch.getTargetType()
                : type;
        return new CodecException(MALFORMED, path + " is missing, null or not a valid " + name(expected) + at(e), null);
    }

    private static String name(Class<?> type) {
        return type.getPackageName().equals("java.lang") ? type.getSimpleName() : type.getTypeName();
    }

    private static String at(JsonProcessingException e) {
        JsonLocation location = e.getLocation();
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static String path(Class<?> type, List<JsonMappingException.Reference> references) {
        StringBuilder path = new StringBuilder(FieldPath.root(type));
        for (JsonMappingException.Reference reference : references) {
            if (reference.getFieldName() != null) {
                path.append('.').append(reference.getFieldName());
            } else {
                path.append('[').append(reference.getIndex()).append(']');
            }
        }
        return FieldPath.cut(path.toString());
    }
}
