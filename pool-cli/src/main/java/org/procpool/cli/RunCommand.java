package org.procpool.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.procpool.PoolException;
import org.procpool.PoolListener;
import org.procpool.PoolOptions;
import org.procpool.client.PoolClient;
import org.procpool.process.ProgramOptions;
import org.procpool.proto.Payload;
import org.procpool.server.PoolServer;
import org.procpool.server.ServerOptions;
import org.procpool.task.ExecTask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code procpool run}: a command over many files, on a pool of its own. */
@Command(
        name = "run",
        description = "Runs a command once for each file, so many at a time, on a pool of its own that lives as long as"
                + " that takes.",
        footer = {
            ExitCode.HELP,
            "Exit code: the highest of all runs; one that fails is named on standard error, with the last that it said"
                    + " there.",
            "What the runs print comes in the order of the files. There is no shell: what should be a pipe is written"
                    + " as sh -c '… | …' sh {}. A file name may begin with a dash, so end the command's options with"
                    + " -- where it knows that.",
            "",
            "Examples:",
            "  procpool run gzip -k {} ::: *.log",
            "  procpool run -j 4 --timeout 1m -- convert {} -resize 200x200 small-{} ::: *.jpg",
            "  find . -name '*.c' | procpool run wc -l",
            "  procpool run sh -c 'sort \"$1\" | uniq -c' sh {} ::: a.txt b.txt"
        })
final class RunCommand extends CliCommand {

    /** Between the command and the files. */
    private static final String FILES = ":::";

    private static final String FILE = "{}";
    private static final String TASK = "run";

    @Option(
            names = {"-j", "--jobs"},
            paramLabel = "N",
            description = "How many run at a time; default: one a processor.")
    private int jobs = Runtime.getRuntime().availableProcessors();

    @Option(names = "--run-dir", paramLabel = "DIR", description = "For sockets; default as of 'procpool serve'.")
    private @Nullable Path runDirectory;

    @Mixin
    private final TaskLimits limits = new TaskLimits();

    @Parameters(
            arity = "1..*",
            paramLabel = "CMD {} ::: FILE",
            description =
                    "The command, with {} where the file's name goes, or at its end if there is none; then ::: and"
                            + " the files. Without ::: standard input names them, one a line.")
    private List<String> words = new ArrayList<>();

    RunCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        int separator = words.indexOf(FILES);
        List<String> command = new ArrayList<>(separator < 0 ? words : words.subList(0, separator));
        if (command.isEmpty()) {
            throw CliException.usage("there is no command before " + FILES + "; write for example"
                    + " procpool run gzip -k {} ::: *.log");
        }
        if (command.stream().noneMatch(word -> word.contains(FILE))) {
            command.add(FILE);
        }
        limits.request(TASK, Payload.EMPTY);
        PoolServer server = start(command);
        // Ctrl-C ends the commands too, and what they have started.
        Thread hook = new Thread(() -> server.stop().join(), "procpool-run-exit");
        Runtime.getRuntime().addShutdownHook(hook);
        try (server;
                PoolClient client = PoolClient.builder()
                        .address(Addresses.format(server.address()))
                        .connect()) {
            return separator < 0
                    ? runLines(client)
                    : run(client, files(words.subList(separator + 1, words.size())), words.size() - separator - 1);
        } finally {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }

    private PoolServer start(List<String> command) {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try {
            PoolOptions pool = PoolOptions.defaults()
                    .withName(TASK)
                    .withWorkers(jobs)
                    .withSpares(0)
                    .withPrograms(ProgramOptions.NONE.withExec(new ExecTask(TASK, command)));
            pool = PoolFlags.with(pool, runDirectory, PoolOptions::withRunDirectory);
            ServerOptions options =
                    ServerOptions.defaults().withPool(pool).withListen(any).withAdmin(any);
            return PoolServer.startPrivate(options, new PoolListener() {});
        } catch (IllegalArgumentException e) {
            throw new CliException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        } catch (PoolException e) {
            throw new CliException(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
        }
    }

    private static Iterator<BatchItem> files(List<String> names) {
        return names.stream()
                .map(name -> new BatchItem(name, () -> Payload.of(name)))
                .iterator();
    }

    private int runLines(PoolClient client) {
        PayloadReader reader = new PayloadReader(client.welcome().payloadBytesMax());
        try (LineSource lines = new LineSource(null, console.in(), reader)) {
            return run(client, new NamedByLine(lines), 0);
        }
    }

    private int run(PoolClient client, Iterator<BatchItem> items, long total) {
        return new Batch(console, client, payload -> limits.request(TASK, payload), new RunSink(console), total)
                .run(items);
    }

    /** Items that are called what they hold: a line that names a file. */
    private record NamedByLine(LineSource lines) implements Iterator<BatchItem> {

        @Override
        public boolean hasNext() {
            return lines.hasNext();
        }

        @Override
        public BatchItem next() {
            Payload line = lines.next().payload().get();
            return new BatchItem(line.text(), () -> line);
        }
    }
}
