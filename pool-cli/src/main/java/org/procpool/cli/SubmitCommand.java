package org.procpool.cli;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.procpool.client.PoolClient;
import org.procpool.client.TaskFailedException;
import org.procpool.client.TaskRequest;
import org.procpool.client.TaskResult;
import org.procpool.proto.Payload;
import org.procpool.proto.TaskId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code procpool submit}: one task, or a batch of them. */
@Command(
        name = "submit",
        description = "Runs a task and prints its result's bytes, and nothing else, to standard output.",
        footer = {
            ExitCode.HELP,
            "A batch ends with the highest of its tasks' exit codes and names on standard error those that did not"
                    + " succeed.",
            "",
            "Examples:",
            "  procpool submit fib --text 35",
            "  procpool submit add --json '{\"a\":10,\"b\":20}'",
            "  tar c src | procpool submit sha256 -",
            "  procpool submit thumbnail --file photo.jpg --output small.jpg",
            "  procpool submit thumbnail --glob 'photos/*.jpg' --out-dir small",
            "  procpool submit uppercase --each-line < words.txt",
            "  id=$(procpool submit sleep --text 30s --detach); procpool result \"$id\" --wait 1m"
        })
final class SubmitCommand extends CliCommand {

    @Parameters(index = "0", paramLabel = "TASK", description = "Name of the handler.")
    private String task = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "STDIN",
            description = "A '-' takes the input from standard input.")
    private @Nullable String standardInput;

    @Mixin
    private final TextOrFile input = new TextOrFile();

    @Option(names = "--json", paramLabel = "J", description = "The input; checked to be JSON before it is sent.")
    private @Nullable String json;

    @Option(names = "--each-line", description = "One task for each line of the input; results in the same order.")
    private boolean eachLine;

    @Option(
            names = "--glob",
            paramLabel = "'DIR/*.jpg'",
            description =
                    "One task for each file; in quotes, so that the shell leaves it alone. '**' crosses directories.")
    private @Nullable String glob;

    @Option(names = "--out-dir", paramLabel = "D", description = "Where --glob puts the results, under the same names.")
    private @Nullable Path outDir;

    @Option(names = "--detach", description = "Prints the task's id and does not wait; 'procpool result' fetches it.")
    private boolean detach;

    @Mixin
    private final ShowOption show = new ShowOption();

    @Mixin
    private final TaskLimits limits = new TaskLimits();

    @Mixin
    private final ServerOption server = new ServerOption();

    SubmitCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        checkCombination();
        limits.request(task, Payload.EMPTY);
        if (json != null) {
            JsonText.check("--json", json);
        }
        boolean batch = eachLine || glob != null;
        try (PoolClient client = server.connect(batch)) {
            PayloadReader reader = new PayloadReader(client.welcome().payloadBytesMax());
            if (batch) {
                return runBatch(client, reader);
            }
            TaskRequest request = limits.request(task, payload(reader));
            return detach ? detach(client, request) : runOne(client, request);
        }
    }

    private void checkCombination() {
        if (standardInput != null && !standardInput.equals("-")) {
            throw CliException.usage("unexpected argument '" + standardInput + "', give the input with --text or --file"
                    + (glob == null ? "" : ", and put the pattern of --glob in quotes"));
        }
        long inputs = Stream.of(input.text(), input.file(), json, standardInput, glob)
                .filter(source -> source != null)
                .count();
        if (inputs > 1) {
            throw CliException.usage("the input is given twice; choose one of --text, --file, --json, --glob and -");
        }
        if (eachLine && glob != null) {
            throw CliException.usage("--each-line and --glob do not go together");
        }
        if (glob != null && outDir == null && !show.json()) {
            throw CliException.usage("--glob needs --out-dir for the results, or --show json");
        }
        if (outDir != null && (glob == null || show.json())) {
            throw CliException.usage("--out-dir is for --glob without --show; a single result goes to --output");
        }
        if (eachLine && (input.text() != null || json != null)) {
            throw CliException.usage("--each-line reads standard input, or a file with --file");
        }
        boolean single = !eachLine && glob == null;
        if (show.toFile() && (!single || detach)) {
            throw CliException.usage("--output is for the result of a single task that is waited for");
        }
        if (detach && (!single || show.json())) {
            throw CliException.usage("--detach is for a single task, and does not wait for its result");
        }
    }

    private Payload payload(PayloadReader reader) {
        if (json != null) {
            return reader.text(json);
        }
        return standardInput == null ? input.payload(reader) : reader.stream("standard input", console.in());
    }

    private int runOne(PoolClient client, TaskRequest request) {
        Progress progress = new Progress(console, task);
        TaskResult result = client.start(
                        request, progress.visible() ? (id, fraction, note) -> progress.fraction(fraction, note) : null)
                .result()
                .join();
        progress.clear();
        return show.show(console, "task '" + task + "'", task, result);
    }

    private int detach(PoolClient client, TaskRequest request) {
        try {
            console.print(TaskId.format(Futures.join(client.detach(request))));
            return ExitCode.OK;
        } catch (TaskFailedException e) {
            console.error(ResultText.sentence("task '" + task + "'", e.result()));
            return ExitCode.of(e.result().outcome());
        }
    }

    private int runBatch(PoolClient client, PayloadReader reader) {
        String pattern = glob;
        if (pattern == null) {
            try (LineSource lines = new LineSource(input.file(), console.in(), reader)) {
                BatchSink sink =
                        show.json() ? new JsonSink(console, task) : (item, result) -> console.line(result.payload());
                return new Batch(console, client, payload -> limits.request(task, payload), sink, 0).run(lines);
            }
        }
        FileGlob files = FileGlob.find(pattern);
        Path directory = outDir;
        BatchSink sink = directory == null ? new JsonSink(console, task) : new DirectorySink(files.base(), directory);
        Iterator<BatchItem> items = files.files().stream()
                .map(path -> new BatchItem(path.toString(), () -> reader.file(path)))
                .iterator();
        return new Batch(
                        console,
                        client,
                        payload -> limits.request(task, payload),
                        sink,
                        files.files().size())
                .run(items);
    }
}
