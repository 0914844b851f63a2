package org.procpool.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegisteredProvidersTest {

    private final Path directory;

    RegisteredProvidersTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void names_come_in_the_order_of_the_class_path_and_each_once() throws Exception {
        URL first = registering("first", "# ours\n\n  org.example.One  # the first\norg.example.Two\n");
        URL second = registering("second", "org.example.Two\r\norg.example.Three");
        try (URLClassLoader loader = new URLClassLoader(new URL[] {first, second}, null)) {
            assertThat(RegisteredProviders.names(loader))
                    .containsExactly("org.example.One", "org.example.Two", "org.example.Three");
        }
    }

    @Test
    void there_are_none_where_nothing_is_registered() throws Exception {
        try (URLClassLoader loader = new URLClassLoader(new URL[0], null)) {
            assertThat(RegisteredProviders.names(loader)).isEmpty();
        }
    }

    private URL registering(String name, String text) throws Exception {
        Path entry = directory.resolve(name);
        Path file = entry.resolve("META-INF/services/org.procpool.worker.HandlerProvider");
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return entry.toUri().toURL();
    }
}
