package org.procpool.worker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Enumeration;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The handler providers that are registered for {@link java.util.ServiceLoader}. Not asked by way of it: that looks
 * through all modules of the JDK first, some milliseconds of each boot, and none of them can have one.
 */
final class RegisteredProviders {

    private static final String FILE = "META-INF/services/" + HandlerProvider.class.getName();

    private RegisteredProviders() {}

    /** Names of classes, each once, in the order of the class path. */
    static Set<String> names(ClassLoader loader) throws IOException {
        Set<String> names = new LinkedHashSet<>();
        Enumeration<URL> files = loader.getResources(FILE);
        while (files.hasMoreElements()) {
            addNames(files.nextElement(), names);
        }
        return names;
    }

    private static void addNames(URL file, Set<String> names) throws IOException {
        URLConnection connection = file.openConnection();
        // Else the jar would stay open, and be the old one if another took its place.
        connection.setUseCaches(false);
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int comment = line.indexOf('#');
                String name = (comment < 0 ? line : line.substring(0, comment)).strip();
                if (!name.isEmpty()) {
                    names.add(name);
                }
            }
        }
    }
}
