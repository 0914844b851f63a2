package org.procpool.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether workers have flight recorders. */
final class RecorderSwitch {

    @Option(
            names = "--recorder",
            paramLabel = "on|off",
            description =
                    "Flight recorders in shared memory, which make a crash cost the running task only; default on."
                            + " Without them a worker is handed one task at a time.")
    private @Nullable OnOff recorder;

    /** Null if it was not given. */
    @Nullable
    OnOff value() {
        return recorder;
    }
}
