package org.procpool.worker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.TaskNames;

/** The handlers of this worker by task name, with the providers they came from. Owned by the task thread. */
final class Handlers {

    /** All names travel in one Hello frame, whose envelope is 64 KiB. */
    private static final int NAMES_BYTES_MAX = 60 * 1024;

    private static final TaskHandler PROBE = (task, payload) -> payload;

    private final ClassLoader loader;
    private final List<HandlerProvider> providers = new ArrayList<>();
    private final Map<String, TaskHandler> handlers = new HashMap<>();
    private final Map<String, HandlerProvider> origins = new HashMap<>();

    private Handlers(ClassLoader loader) {
        this.loader = loader;
    }

    /**
     * Loads all providers and asks them for their handlers.
     *
     * @param path class path of the handlers; empty for the worker's own
     * @param providerNames comma-separated class names; empty to take those that are registered on the path
     * @param builtIn of this runtime; null if there is none, and then there must be another
     * @throws BootException naming the path or the provider
     */
    static Handlers load(String path, String providerNames, @Nullable HandlerProvider builtIn) {
        ClassLoader own = Handlers.class.getClassLoader();
        ClassLoader loader = path.isEmpty() ? own : new ChildFirstLoader(HandlerPath.urls(path), own);
        Handlers loaded = new Handlers(loader);
        // Static initialisers and constructors of handlers see the loader that their tasks will see.
        Thread.currentThread().setContextClassLoader(loader);
        if (!providerNames.isEmpty()) {
            loaded.addNamed(providerNames);
        } else if (builtIn == null || !path.isEmpty()) {
            loaded.addRegistered(path);
        }
        if (builtIn != null) {
            loaded.providers.add(builtIn);
        }
        for (HandlerProvider provider : loaded.providers) {
            loaded.addHandlers(provider);
        }
        loaded.checkNamesFit();
        return loaded;
    }

    private void addRegistered(String path) {
        try {
            for (String name : RegisteredProviders.names(loader)) {
                providers.add(instantiate(name));
            }
        } catch (IOException e) {
            throw new BootException("the registered handler providers cannot be read: " + e, e);
        }
        if (providers.isEmpty()) {
            throw new BootException("no handlers: " + (path.isEmpty() ? "the worker's class path" : "'" + path + "'")
                    + " has no META-INF/services/" + HandlerProvider.class.getName()
                    + "; register a provider there, or name it in 'providers'");
        }
    }

    private void addNamed(String providerNames) {
        int start = 0;
        while (start <= providerNames.length()) {
            int end = providerNames.indexOf(',', start);
            end = end < 0 ? providerNames.length() : end;
            String name = providerNames.substring(start, end).strip();
            if (!name.isEmpty()) {
                providers.add(instantiate(name));
            }
            start = end + 1;
        }
    }

    private HandlerProvider instantiate(String name) {
        try {
            Class<?> type = Class.forName(name, true, loader);
            return HandlerProvider.class.cast(type.getConstructor().newInstance());
        } catch (ClassNotFoundException e) {
            throw new BootException("the handler provider " + name + " is not on the handler path", e);
        } catch (NoSuchMethodException | IllegalAccessException e) {
            throw new BootException(
                    "the handler provider " + name + " is not a public class with a public constructor", e);
        } catch (ClassCastException e) {
            throw new BootException("the class " + name + " does not implement " + HandlerProvider.class.getName(), e);
        } catch (ReflectiveOperationException | LinkageError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new BootException("the handler provider " + name + " cannot be created: " + cause, cause);
        }
    }

    private void addHandlers(HandlerProvider provider) {
        String origin = provider.getClass().getName();
        Map<String, TaskHandler> more;
        try {
            more = Objects.requireNonNull(provider.handlers(), "handlers() answered null");
        } catch (Exception | LinkageError e) {
            throw new BootException("the handler provider " + origin + " failed to list its handlers: " + e, e);
        }
        for (Map.Entry<String, TaskHandler> entry : more.entrySet()) {
            add(provider, entry.getKey(), entry.getValue());
        }
    }

    // Providers are foreign code, which no null checker has seen.
    private void add(HandlerProvider provider, @Nullable String name, @Nullable TaskHandler handler) {
        String origin = provider.getClass().getName();
        if (name == null || handler == null || !TaskNames.isValid(name)) {
            throw new BootException("the handler provider " + origin + " has "
                    + (handler == null ? "no handler under" : "the impossible task name") + " '" + name
                    + "': a name has 1 to " + TaskNames.BYTES_MAX + " bytes of visible UTF-8 without spaces");
        }
        if (name.equals(TaskNames.PROBE)) {
            throw new BootException("the handler provider " + origin + " has a handler under '" + name
                    + "', which is the name of procpool's own probe; give it another one");
        }
        HandlerProvider other = origins.putIfAbsent(name, provider);
        if (other != null) {
            throw new BootException("the task name '" + name + "' is taken twice, by the handler providers "
                    + other.getClass().getName() + " and " + origin);
        }
        handlers.put(name, handler);
    }

    private void checkNamesFit() {
        int bytes = 0;
        for (String name : handlers.keySet()) {
            bytes += name.getBytes(StandardCharsets.UTF_8).length + 2;
        }
        if (bytes > NAMES_BYTES_MAX) {
            throw new BootException("the names of all " + handlers.size() + " handlers together have " + bytes
                    + " bytes, the limit is " + NAMES_BYTES_MAX);
        }
    }

    /**
     * Runs the warm-up of each provider.
     *
     * @throws BootException naming the provider that failed
     */
    void warmUp() {
        for (HandlerProvider provider : providers) {
            try {
                provider.warmUp();
            } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
                throw new BootException(
                        "the warm-up of the handler provider "
                                + provider.getClass().getName() + " failed: " + e,
                        e);
            }
        }
    }

    List<String> names() {
        return new ArrayList<>(handlers.keySet());
    }

    @Nullable
    TaskHandler find(String name) {
        TaskHandler handler = handlers.get(name);
        return handler == null && name.equals(TaskNames.PROBE) ? PROBE : handler;
    }

    /** What handlers see as their thread's context class loader. */
    ClassLoader loader() {
        return loader;
    }
}
