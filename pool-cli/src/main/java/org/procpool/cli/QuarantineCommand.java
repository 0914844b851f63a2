package org.procpool.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code procpool quarantine}. */
@Command(
        name = "quarantine",
        description = "Holds tasks of one name back, lets them through again, or shows which are held back and why.",
        footer = {
            "",
            "Held-back tasks are refused, and those that wait are ended; what runs goes on, and so do all other",
            "tasks. The service does so by itself with tasks that kill worker after worker (serve --poison-after).",
            "Exit code: 0 done, 5 refused, 6 the server cannot be reached.",
            "",
            "Examples:",
            "  procpool quarantine",
            "  procpool quarantine thumbnail",
            "  procpool quarantine --release thumbnail"
        })
final class QuarantineCommand extends CliCommand {

    @Parameters(arity = "0..1", paramLabel = "TASK", description = "Holds tasks of that name back.")
    private @Nullable String task;

    @Option(names = "--release", paramLabel = "TASK", description = "Lets tasks of that name through again.")
    private @Nullable String released;

    @Option(names = "--list", description = "Shows what is held back; so it does without anything else.")
    private boolean list;

    @Option(names = "--json", description = "Shows it as the service's JSON.")
    private boolean json;

    @Mixin
    private final SteerOption service = new SteerOption();

    QuarantineCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        if (task != null && released != null) {
            throw CliException.usage("quarantine: say either TASK or --release TASK");
        }
        if (list && (task != null || released != null)) {
            throw CliException.usage("quarantine: --list goes with neither TASK nor --release");
        }
        if (task != null) {
            service.post("/api/quarantine?task=" + encoded(task));
            console.error("task '" + task + "' is held back by the service at " + service
                    + "; 'procpool quarantine --release " + task + "' ends that");
        } else if (released != null) {
            service.post("/api/release?task=" + encoded(released));
            console.error("task '" + released + "' is let through again by the service at " + service);
        } else {
            show();
        }
        return ExitCode.OK;
    }

    private void show() {
        String answer = service.admin().get("/api/quarantined");
        if (json) {
            console.print(answer.strip());
        } else {
            StatusText.quarantined(AdminJson.read(service.admin(), answer)).forEach(console::print);
        }
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }
}
