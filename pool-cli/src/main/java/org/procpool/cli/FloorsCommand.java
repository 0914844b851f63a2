package org.procpool.cli;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.procpool.bench.FloorReport;
import org.procpool.bench.Floors;
import org.procpool.bench.floor.RelayOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code procpool bench floors}. */
@Command(
        name = "floors",
        description = "Measures what this machine allows: sockets between two processes, and a bare relay that only"
                + " moves bytes between a client and its workers.",
        footer = {
            "",
            "No service is started. 'procpool bench --with-floors' sets one beside the relay.",
            "",
            "Examples:",
            "  procpool bench floors",
            "  procpool bench floors --task reverse --windows 1,1000 --read-size 64k",
            "  procpool bench floors --flush each",
            "  procpool bench floors --payload 1m --windows 4"
        })
final class FloorsCommand extends CliCommand {

    @Option(names = "--workers", paramLabel = "N", description = "Of the relay; default: one a processor.")
    private @Nullable Integer workers;

    @Option(names = "--task", paramLabel = "TASK", description = "echo or reverse; default echo.")
    private @Nullable String task;

    @Option(
            names = "--payload",
            paramLabel = "SIZE",
            converter = PayloadSizeReader.class,
            description = "Bytes of each task; default 100.")
    private @Nullable Integer payload;

    @Option(names = "--seconds", paramLabel = "N", description = "Of each measurement; default 1.")
    private @Nullable Integer seconds;

    @Mixin
    private final RelayFlags relayFlags = new RelayFlags();

    @Option(names = "--json", description = "Prints one line of JSON in the end instead of the table.")
    private boolean json;

    FloorsCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Floors.Plan plan = relayFlags.plan(task, payload, seconds);
        RelayOptions relay = relayFlags.relay(workers);
        console.print(Measuring.run(console, progress -> {
            Floors.Report report = Floors.measure(plan, relay, progress);
            return json ? FloorReport.json(report) : FloorReport.text(report);
        }));
        return ExitCode.OK;
    }
}
