package org.procpool.worker;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks into the handlers' own class path before the worker's, so that a handler may bring any version of any library.
 * Only the JDK and the classes that handler and worker speak to each other with always come from the worker.
 */
final class ChildFirstLoader extends URLClassLoader {

    static {
        registerAsParallelCapable();
    }

    private static final String[] PARENT_FIRST = {
        "java.", "javax.", "jdk.", "org.procpool.worker.", "org.procpool.proto.", "org.procpool.codec.", "org.jspecify."
    };

    private static final String PROVIDER_FILE = "META-INF/services/" + HandlerProvider.class.getName();

    ChildFirstLoader(URL[] classPath, ClassLoader parent) {
        super("handlers", classPath, parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (isParentFirst(name)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null) {
                try {
                    loaded = findClass(name);
                } catch (ClassNotFoundException e) {
                    loaded = getParent().loadClass(name);
                }
            }
            if (resolve) {
                resolveClass(loaded);
            }
            return loaded;
        }
    }

    private static boolean isParentFirst(String name) {
        for (String prefix : PARENT_FIRST) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public @Nullable URL getResource(String name) {
        URL own = findResource(name);
        return own != null ? own : getParent().getResource(name);
    }

    /**
     * Own resources first, each once even if it is on both class paths; handlers are looked for in the own ones only.
     */
    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        if (name.equals(PROVIDER_FILE)) {
            return findResources(name);
        }
        // By text, because equals of URL asks the name service.
        Map<String, URL> found = new LinkedHashMap<>();
        List<Enumeration<URL>> sources = new ArrayList<>();
        sources.add(findResources(name));
        sources.add(getParent().getResources(name));
        for (Enumeration<URL> source : sources) {
            while (source.hasMoreElements()) {
                URL url = source.nextElement();
                found.putIfAbsent(url.toExternalForm(), url);
            }
        }
        return Collections.enumeration(found.values());
    }
}
