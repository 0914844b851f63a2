package org.procpool.system;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.procpool.PoolOptions;
import org.procpool.samples.MisbehavingHandlers;
import org.procpool.samples.SampleHandlers;

/** The handlers of these tests: the built samples, well- and misbehaving, and a few of the tests' own. */
final class Handlers {

    static final List<String> PROVIDERS = List.of(
            SampleHandlers.class.getName(),
            MisbehavingHandlers.class.getName(),
            ZooHandlers.class.getName(),
            SlowHandlers.class.getName(),
            EvidenceHandlers.class.getName());

    private Handlers() {}

    /**
     * Small workers, two of them, with all handlers, in the test's directories. Without spares, so that the test knows
     * each process by its place; tests of spares ask for them.
     */
    static PoolOptions options() {
        return PoolOptions.defaults()
                .withName("test")
                .withWorkers(2)
                .withSpares(0)
                .withRunDirectory(LeakCheck.runDirectory())
                .withMemoryDirectory(LeakCheck.memoryDirectory())
                .withWorkerJvmArgs(List.of("-Xmx128m"))
                .withHandlers(classPath())
                .withProviders(PROVIDERS);
    }

    static List<Path> classPath() {
        return List.of(origin(SampleHandlers.class), origin(ZooHandlers.class));
    }

    /** The jar or directory that the class was loaded from. */
    static Path origin(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
