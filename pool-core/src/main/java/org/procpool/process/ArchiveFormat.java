package org.procpool.process;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kinds of class-data archive that a JVM makes and reads. */
enum ArchiveFormat {

    /** On top of the archive that the JDK brings: 17 to 24. */
    DYNAMIC(".jsa") {
        @Override
        List<String> useArgs(Path archive) {
            return args("-XX:SharedArchiveFile=" + archive, "-Xlog:cds=off", "-Xlog:cds+dynamic=off");
        }

        @Override
        List<List<String>> steps(Path archive) {
            return List.of(args("-XX:ArchiveClassesAtExit=" + archive, "-Xlog:cds=off", "-Xlog:cds+dynamic=off"));
        }
    },

    /** With everything in one file: from 25. */
    AOT_CACHE(".aot") {
        @Override
        List<String> useArgs(Path archive) {
            return args("-XX:AOTCache=" + archive, "-Xlog:cds=off", "-Xlog:aot=off");
        }

        @Override
        List<List<String>> steps(Path archive) {
            // Recorded and made in two steps of ours: -XX:AOTCacheOutput would leave the second to a child of the
            // worker, which nobody kills when the supervisor dies.
            String configuration = "-XX:AOTConfiguration=" + recording(archive);
            return List.of(
                    args("-XX:AOTMode=record", configuration, "-Xlog:cds=off", "-Xlog:aot=off"),
                    args(
                            "-XX:AOTMode=create",
                            configuration,
                            "-XX:AOTCache=" + archive,
                            "-Xlog:cds=off",
                            "-Xlog:aot=off"));
        }
    };

    private static final int RELEASE_MIN = 17;
    private static final int AOT_RELEASE_MIN = 25;

    final String suffix;

    ArchiveFormat(String suffix) {
        this.suffix = suffix;
    }

    /** What that Java can do; null if it is too old. */
    static @Nullable ArchiveFormat of(JavaInstallation java) {
        if (java.release() < RELEASE_MIN) {
            return null;
        }
        return java.release() < AOT_RELEASE_MIN ? DYNAMIC : AOT_CACHE;
    }

    /** The arguments of a JVM that is to boot from the archive, silent about one it cannot use. */
    abstract List<String> useArgs(Path archive);

    /** The arguments of the JVMs that make the archive, one after the other; only the first runs anything. */
    abstract List<List<String>> steps(Path archive);

    /** What the steps need in between and leave behind, beside the archive. */
    static Path recording(Path archive) {
        return Path.of(archive + ".recording");
    }

    private static List<String> args(String... words) {
        return List.of(words);
    }
}
