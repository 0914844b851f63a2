package org.procpool.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.procpool.PoolOptions;
import org.procpool.bench.torture.Death;
import org.procpool.bench.torture.Torture;
import org.procpool.bench.torture.TortureException;
import org.procpool.bench.torture.TortureOptions;
import org.procpool.bench.torture.TortureOptions.UserTask;
import org.procpool.bench.torture.TortureReport;
import org.procpool.bench.torture.TortureResult;
import org.procpool.proto.Payload;
import org.procpool.samples.TortureHandlers;
import org.procpool.task.Sizes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code procpool torture}: the first promise, put to the proof. */
@Command(
        name = "torture",
        description = "Kills workers in every way while hundreds of tasks are in flight, and proves from records on"
                + " file what that cost.",
        footer = {
            "",
            "The ways: KILL, SEGV and STOP+KILL (signals), KILL unseen (while the supervisor is held up), halt (a task ends its process), close (a task closes its"
                    + " worker's data socket and lives on), time-out (a task heeds no interrupt).",
            "The handler puts each run on file before it begins; a program of its own compares that with all outcomes."
                    + " With --task the handler is yours: only the ways by signals are used, and the proof rests on"
                    + " outcomes and on the pool's accounts.",
            "Exit code: 0 all holds, 1 something does not or it was interrupted, 2 usage.",
            "",
            "Examples:",
            "  procpool torture",
            "  procpool torture --kills 20 --json",
            "  procpool torture --recorder off",
            "  procpool torture --task thumbnail --file photo.jpg --handlers my-handlers.jar"
        })
final class TortureCommand extends CliCommand {

    @Option(names = "--kills", paramLabel = "N", description = "Deaths to bring about; default 200.")
    private @Nullable Integer kills;

    @Option(names = "--workers", paramLabel = "N", description = "Default 4, beside one spare.")
    private @Nullable Integer workers;

    @Option(names = "--window", paramLabel = "N", description = "Unfinished tasks at any time; default 600.")
    private @Nullable Integer window;

    @Mixin
    private final RecorderSwitch recorder = new RecorderSwitch();

    @Option(
            names = "--ring",
            paramLabel = "SIZE",
            converter = SizeReader.class,
            description = "Of each flight recorder, a power of two; default 16k, so that answers often lie across its"
                    + " end.")
    private @Nullable Long ring;

    @Option(names = "--seed", paramLabel = "N", description = "Of tasks and ways to die; default 1.")
    private @Nullable Long seed;

    @Option(names = "--task", paramLabel = "TASK", description = "A task of yours; default: one that keeps records.")
    private @Nullable String task;

    @Mixin
    private final TextOrFile input = new TextOrFile();

    @Mixin
    private final HandlerFlags handlers = new HandlerFlags();

    @Option(
            names = "--keep",
            paramLabel = "DIR",
            description = "Leaves the records there, to look into what does not hold; default: they go.")
    private @Nullable Path keep;

    @Option(names = "--json", description = "Prints one line of JSON in the end instead of the table.")
    private boolean json;

    TortureCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws IOException {
        TortureOptions options = options();
        Progress progress = new Progress(console, "");
        Thread here = Thread.currentThread();
        Signals.on("INT", here::interrupt);
        Signals.on("TERM", here::interrupt);
        List<Death> deaths = new ArrayList<>();
        try {
            TortureResult result = Torture.run(options, death -> {
                deaths.add(death);
                tell(death, deaths.size(), options.kills(), progress);
            });
            progress.clear();
            console.print(
                    json
                            ? TortureReport.json(result)
                            : TortureReport.text(result).stripTrailing());
            return result.verdict().holds() ? ExitCode.OK : ExitCode.FAILED;
        } catch (IllegalArgumentException e) {
            throw new CliException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        } catch (TortureException e) {
            progress.clear();
            throw new CliException(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            progress.clear();
            throw new CliException(
                    ExitCode.FAILED,
                    "interrupted after " + deaths.size() + " of " + options.kills()
                            + " deaths; nothing is proved, nothing is left behind",
                    e);
        }
    }

    private void tell(Death death, int done, int total, Progress progress) {
        if (!json) {
            progress.clear();
            if (done == 1) {
                console.print(TortureReport.head());
            }
            console.print(TortureReport.line(death));
            console.flush();
        }
        progress.count(done, 0, total);
    }

    private TortureOptions options() {
        boolean hasInput = input.text() != null || input.file() != null;
        if (task == null
                && (hasInput
                        || handlers.namesHandlers()
                        || !handlers.providers().isEmpty())) {
            throw CliException.usage(
                    "--text, --file, --handlers and --providers are for a task of yours; name it with" + " --task");
        }
        if (input.text() != null && input.file() != null) {
            throw CliException.usage("the input is given twice; choose one of --text and --file");
        }
        try {
            TortureOptions options =
                    TortureOptions.defaults(handlers.classPath(ServeCommand.samples()), handlerProviders());
            options = PoolFlags.with(options, kills, TortureOptions::withKills);
            options = PoolFlags.with(options, workers, TortureOptions::withWorkers);
            options = PoolFlags.with(options, window, TortureOptions::withWindow);
            options = OnOff.with(options, recorder.value(), TortureOptions::withRecorder);
            options = PoolFlags.with(options, ringBytes(), TortureOptions::withRingBytes);
            options = PoolFlags.with(options, seed, TortureOptions::withSeed);
            options = PoolFlags.with(options, handlers.workerJava(), TortureOptions::withJava);
            options = PoolFlags.with(options, keep, TortureOptions::withKeep);
            return task == null ? options : options.withTask(new UserTask(task, payload()));
        } catch (IllegalArgumentException e) {
            throw CliException.usage(String.valueOf(e.getMessage()));
        }
    }

    private List<String> handlerProviders() {
        return task == null ? List.of(TortureHandlers.class.getName()) : handlers.providers();
    }

    private Payload payload() {
        return input.payload(new PayloadReader(PoolOptions.defaults().payloadBytesMax()));
    }

    private @Nullable Integer ringBytes() {
        if (ring != null && ring > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a ring of " + Sizes.format(ring) + " is more than there can be");
        }
        return ring == null ? null : ring.intValue();
    }
}
