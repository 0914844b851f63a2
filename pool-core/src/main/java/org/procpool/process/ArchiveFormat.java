package org.procpool.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The archive of classes that a JVM makes at its exit and reads at its start, on top of the one that its JDK brings.
 *
 * @param silence options for a JVM that says nothing about an archive which it cannot use
 */
record ArchiveFormat(List<String> silence) {

    static final String SUFFIX = ".jsa";

    private static final int RELEASE_MIN = 17;
    /** From here on some messages have another tag, which older ones do not know. */
    private static final int AOT_TAG_SINCE = 25;

    /** What that Java can do; null if it is too old. */
    static @Nullable ArchiveFormat of(JavaInstallation java) {
        return java.release() < RELEASE_MIN ? null : ofRelease(java.release());
    }

    static ArchiveFormat ofRelease(int release) {
        List<String> silence = new ArrayList<>(List.of("-Xlog:cds=off", "-Xlog:cds+dynamic=off"));
        if (release >= AOT_TAG_SINCE) {
            silence.add("-Xlog:aot=off");
        }
        return new ArchiveFormat(List.copyOf(silence));
    }

    /** The arguments of a JVM that is to boot from the archive. */
    List<String> useArgs(Path archive) {
        return args("-XX:SharedArchiveFile=" + archive);
    }

    /** The arguments of the JVM that makes the archive. */
    List<String> makeArgs(Path archive) {
        return args("-XX:ArchiveClassesAtExit=" + archive);
    }

    private List<String> args(String first) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(silence);
        return all;
    }
}
