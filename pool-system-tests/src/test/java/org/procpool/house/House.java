package org.procpool.house;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Where the modules are, and what was compiled in them. */
final class House {

    /** Of the whole project; the tests run in the directory of their module. */
    static final Path ROOT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();

    /** Every module, and the packages that are its own; an entry that ends with a dot stands for all below it. */
    enum Module {
        PROTO(
                "proto",
                "org.procpool.proto",
                "org.procpool.proto.",
                "org.procpool.codec",
                "org.procpool.recorder",
                "org.procpool.secret"),
        WORKER("pool-worker", "org.procpool.worker"),
        CORE(
                "pool-core",
                "org.procpool",
                "org.procpool.task",
                "org.procpool.conductor",
                "org.procpool.process",
                "org.procpool.link",
                "org.procpool.spool",
                "org.procpool.cgroup"),
        CLIENT("pool-client", "org.procpool.client"),
        SERVER("pool-server", "org.procpool.server", "org.procpool.server."),
        SAMPLES("pool-samples", "org.procpool.samples"),
        BENCH("pool-bench", "org.procpool.bench", "org.procpool.bench."),
        CLI("pool-cli", "org.procpool.cli", "org.procpool.cli.");

        final String directory;
        private final List<String> packages;

        Module(String directory, String... packages) {
            this.directory = directory;
            this.packages = List.of(packages);
        }

        boolean owns(String packageName) {
            return packages.stream()
                    .anyMatch(own -> own.endsWith(".") ? packageName.startsWith(own) : packageName.equals(own));
        }

        JavaClasses mainClasses() {
            return importFrom("target/classes");
        }

        JavaClasses testClasses() {
            return importFrom("target/test-classes");
        }

        private JavaClasses importFrom(String below) {
            return new ClassFileImporter().importPath(ROOT.resolve(directory).resolve(below));
        }
    }

    private House() {}

    static JavaClasses mainClasses() {
        return new ClassFileImporter()
                .importPaths(Arrays.stream(Module.values())
                        .map(module -> ROOT.resolve(module.directory).resolve("target/classes"))
                        .filter(Files::isDirectory)
                        .toList());
    }

    static JavaClasses testClasses() {
        try (Stream<Path> modules = Files.list(ROOT)) {
            return new ClassFileImporter()
                    .importPaths(modules.map(module -> module.resolve("target/test-classes"))
                            .filter(Files::isDirectory)
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
