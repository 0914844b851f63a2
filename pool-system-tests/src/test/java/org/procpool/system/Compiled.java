package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Jars that a test writes the source of. */
final class Compiled {

    private Compiled() {}

    /**
     * Compiles the sources and packs them.
     *
     * @param jar to write
     * @param sources text by path, such as {@code a/B.java}; those that are no Java go into the jar as they are
     */
    static Path jar(Path jar, Map<String, String> sources, Path... classPath) throws IOException {
        Path directory = Files.createTempDirectory(LeakCheck.workDirectory(), "src");
        List<Path> units = new ArrayList<>();
        for (Map.Entry<String, String> source : sources.entrySet()) {
            Path file = directory.resolve(source.getKey());
            Files.createDirectories(file.getParent());
            Files.writeString(file, source.getValue());
            if (source.getKey().endsWith(".java")) {
                units.add(file);
            }
        }
        compile(units, directory, classPath);
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> walk = Files.walk(directory)) {
            for (Path path : walk.filter(Files::isRegularFile).toList()) {
                if (!path.toString().endsWith(".java")) {
                    out.putNextEntry(new JarEntry(directory.relativize(path).toString()));
                    Files.copy(path, out);
                    out.closeEntry();
                }
            }
        }
        return jar;
    }

    private static void compile(List<Path> units, Path directory, Path... classPath) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        String joined = String.join(
                File.pathSeparator, Stream.of(classPath).map(Path::toString).toList());
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            boolean done = compiler.getTask(
                            messages,
                            files,
                            null,
                            List.of("--release", "17", "-proc:none", "-cp", joined),
                            null,
                            files.getJavaFileObjectsFromPaths(units))
                    .call();
            assertThat(done).as("%s", messages).isTrue();
        }
    }
}
