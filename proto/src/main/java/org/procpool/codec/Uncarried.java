package org.procpool.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.ser.Serializers;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what means something in its own process only. Jackson would write some of it out by its getters, a thread or
 * a class loader with half of the process behind it.
 */
final class Uncarried extends Serializers.Base {

    private static final Class<?>[] TYPES = {
        Thread.class,
        ThreadGroup.class,
        ThreadLocal.class,
        ClassLoader.class,
        Class.class,
        Module.class,
        Process.class,
        ProcessHandle.class,
        AutoCloseable.class,
        Executor.class,
        Future.class,
        CompletionStage.class,
        Lock.class,
        Runnable.class,
        Callable.class,
        java.lang.ref.Reference.class
    };

    private static final String FUNCTIONS = "java.util.function";

    @Override
    public @Nullable JsonSerializer<?> findSerializer(
            SerializationConfig config, JavaType type, BeanDescription description) {
        return isUncarried(type.getRawClass()) ? new Refusal() : null;
    }

    private static boolean isUncarried(Class<?> type) {
        // Lambdas and method references are hidden classes. A record says what it carries, whatever else it can do.
        if (type.isHidden()) {
            return true;
        }
        if (type.isRecord() || type.isEnum()) {
            return false;
        }
        for (Class<?> uncarried : TYPES) {
            if (uncarried.isAssignableFrom(type)) {
                return true;
            }
        }
        return isFunction(type);
    }

    private static boolean isFunction(@Nullable Class<?> type) {
        if (type == null) {
            return false;
        }
        if (type.getPackageName().equals(FUNCTIONS)) {
            return true;
        }
        for (Class<?> implemented : type.getInterfaces()) {
            if (isFunction(implemented)) {
                return true;
            }
        }
        return isFunction(type.getSuperclass());
    }

    private static final class Refusal extends JsonSerializer<Object> {

        @Override
        public void serialize(Object value, JsonGenerator generator, SerializerProvider provider) {
            throw refusal(value, ((CycleGuard) generator).path());
        }

        @Override
        public void serializeWithType(
                Object value, JsonGenerator generator, SerializerProvider provider, TypeSerializer typeSerializer) {
            serialize(value, generator, provider);
        }
    }

    private static CodecException refusal(Object value, String path) {
        Class<?> type = value.getClass();
        String what = type.isHidden() || isFunction(type) || value instanceof Runnable || value instanceof Callable
                ? "a function"
                : "a resource of this process";
        return new CodecException(
                CodecException.Reason.NOT_SERIALIZABLE,
                path + " cannot be sent: it is " + what + " (" + type.getName() + "), and only data can travel",
                null);
    }
}
