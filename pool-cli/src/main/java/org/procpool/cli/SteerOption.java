package org.procpool.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The service that a command steers, and where its token lies. */
final class SteerOption {

    @Option(
            names = "--run-dir",
            paramLabel = "DIR",
            description = "The --run-dir that the service was started with, for its token.")
    private @Nullable Path runDirectory;

    @Mixin
    private final AdminOption admin = new AdminOption();

    /**
     * Tells the service to do something.
     *
     * @return the JSON
     * @throws CliException if nobody answers, or the token is not there, or it refuses
     */
    String post(String path) {
        return admin.post(path, null, runDirectory);
    }

    /** As {@link #post}, for what may take its time. */
    String postAndWait(String path) {
        return admin.patient().post(path, null, runDirectory);
    }

    /** For what only looks. */
    AdminOption admin() {
        return admin;
    }

    @Override
    public String toString() {
        return admin.toString();
    }
}
