package org.procpool.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procpool.proto.Payload;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ChildFirstLoaderTest {

    private static final String SERVICE_FILE = "META-INF/services/org.procpool.worker.HandlerProvider";

    private final Path directory;

    ChildFirstLoaderTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void a_handler_gets_its_own_version_of_a_library() throws Exception {
        Path ours = jar("ours", Map.of("lib/Version.java", version("ours")), Map.of());
        Path theirs = jar("theirs", Map.of("lib/Version.java", version("theirs")), Map.of());
        try (URLClassLoader parent = new URLClassLoader(urls(ours), getClass().getClassLoader());
                ChildFirstLoader child = new ChildFirstLoader(urls(theirs), parent)) {
            assertThat(text(parent)).isEqualTo("ours");
            assertThat(text(child)).isEqualTo("theirs");
        }
    }

    @Test
    void what_a_handler_does_not_bring_comes_from_the_worker() throws Exception {
        Path ours = jar("ours", Map.of("lib/Version.java", version("ours")), Map.of());
        try (URLClassLoader parent = new URLClassLoader(urls(ours), getClass().getClassLoader());
                ChildFirstLoader child = new ChildFirstLoader(new URL[0], parent)) {
            assertThat(text(child)).isEqualTo("ours");
        }
    }

    @Test
    void the_handler_api_is_the_workers_even_if_a_handler_brings_it() throws Exception {
        Path fat = jar(
                "fat",
                Map.of(
                        "org/procpool/worker/TaskHandler.java",
                        "package org.procpool.worker; public class TaskHandler {}",
                        "org/procpool/proto/Payload.java",
                        "package org.procpool.proto; public class Payload {}"),
                Map.of());
        try (ChildFirstLoader child = new ChildFirstLoader(urls(fat), getClass().getClassLoader())) {
            assertThat(child.loadClass(TaskHandler.class.getName())).isSameAs(TaskHandler.class);
            assertThat(child.loadClass(Payload.class.getName())).isSameAs(Payload.class);
        }
    }

    @Test
    void resources_come_once_and_the_handlers_first() throws Exception {
        Path ours = jar("ours", Map.of(), Map.of("shared.txt", "ours", SERVICE_FILE, "ours.Provider"));
        Path theirs = jar("theirs", Map.of(), Map.of("shared.txt", "theirs", SERVICE_FILE, "theirs.Provider"));
        try (URLClassLoader parent =
                        new URLClassLoader(urls(ours, theirs), getClass().getClassLoader());
                ChildFirstLoader child = new ChildFirstLoader(urls(theirs), parent)) {
            assertThat(String.valueOf(child.getResource("shared.txt"))).contains("theirs.jar");
            assertThat(Collections.list(child.getResources("shared.txt")))
                    .extracting(URL::toString)
                    .satisfiesExactly(
                            first -> assertThat(first).contains("theirs.jar"),
                            second -> assertThat(second).contains("ours.jar"));
            assertThat(Collections.list(child.getResources(SERVICE_FILE))).hasSize(1);
        }
    }

    @Test
    void a_worker_finds_the_registered_provider_in_a_directory_of_jars() throws Exception {
        Path jars = Files.createDirectory(directory.resolve("jars"));
        Path handler = jar(
                "handler",
                Map.of("my/Handlers.java", provider(), "lib/Version.java", version("from the jar")),
                Map.of(SERVICE_FILE, "my.Handlers"));
        Files.move(handler, jars.resolve("handler.jar"));
        try (FakeSupervisor supervisor = new FakeSupervisor(directory)
                .with("handlers", jars.toString())
                .with("providers", null)
                .boot()) {
            assertThat(supervisor.run(1, "version", Payload.EMPTY).payload().text())
                    .isEqualTo("from the jar");
        }
    }

    private static String version(String text) {
        return "package lib; public class Version { public static String text() { return \"" + text + "\"; } }";
    }

    private static String provider() {
        return "package my; import java.util.Map; import org.procpool.worker.*; import org.procpool.proto.Payload;"
                + "public class Handlers implements HandlerProvider { public Map<String, TaskHandler> handlers() {"
                + "return Map.of(\"version\", (context, payload) -> Payload.of(lib.Version.text())); } }";
    }

    private static String text(ClassLoader loader) throws ReflectiveOperationException {
        return (String) loader.loadClass("lib.Version").getMethod("text").invoke(null);
    }

    private static URL[] urls(Path... jars) throws IOException {
        URL[] urls = new URL[jars.length];
        for (int i = 0; i < jars.length; i++) {
            urls[i] = jars[i].toUri().toURL();
        }
        return urls;
    }

    /** Compiles sources and packs them, with resources, into {@code name.jar}. */
    private Path jar(String name, Map<String, String> sources, Map<String, String> resources) throws IOException {
        Path root = Files.createDirectory(directory.resolve(name));
        for (Map.Entry<String, String> source : new TreeMap<>(sources).entrySet()) {
            write(root.resolve("src"), source.getKey(), source.getValue());
        }
        for (Map.Entry<String, String> resource : resources.entrySet()) {
            write(root.resolve("out"), resource.getKey(), resource.getValue());
        }
        compile(root, sources.keySet().stream().map(file -> root.resolve("src").resolve(file)));
        return pack(root.resolve("out"), directory.resolve(name + ".jar"));
    }

    private static void write(Path root, String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private static void compile(Path root, Stream<Path> sources) throws IOException {
        List<String> files = sources.map(Path::toString).toList();
        if (files.isEmpty()) {
            return;
        }
        Files.createDirectories(root.resolve("out"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        String classPath = FakeSupervisor.place(TaskHandler.class) + ":" + FakeSupervisor.place(Payload.class);
        Stream<String> options = Stream.of(
                "-proc:none", "-cp", classPath, "-d", root.resolve("out").toString());
        String[] arguments = Stream.concat(options, files.stream()).toArray(String[]::new);
        assertThat(compiler.run(null, null, null, arguments)).isZero();
    }

    private static Path pack(Path root, Path jar) throws IOException {
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream packed = new JarOutputStream(out);
                Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                packed.putNextEntry(new ZipEntry(root.relativize(file).toString()));
                Files.copy(file, packed);
            }
        }
        return jar;
    }
}
