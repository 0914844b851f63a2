package org.procpool.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** The worker's class path as jars of one test's own, whatever the build has put on its class path. */
final class WorkerJars {

    private WorkerJars() {}

    static List<Path> copyTo(Path directory) throws IOException {
        List<Path> jars = new ArrayList<>();
        for (Path entry : WorkerClassPath.locate()) {
            Path jar = directory.resolve(jars.size() + ".jar");
            if (Files.isDirectory(entry)) {
                pack(entry, jar);
            } else {
                Files.copy(entry, jar);
            }
            jars.add(jar);
        }
        return jars;
    }

    private static void pack(Path classes, Path jar) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> walk = Files.walk(classes)) {
            for (Path path : walk.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(path).toString()));
                Files.copy(path, out);
                out.closeEntry();
            }
        }
    }
}
