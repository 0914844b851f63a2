package org.procpool.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.procpool.PoolListener.WorkerReady;
import org.procpool.PoolOptions;
import org.procpool.client.PoolClient;
import org.procpool.proto.Payload;
import org.procpool.server.PoolServer;
import org.procpool.server.ServerOptions;
import org.procpool.task.Autopsy;
import org.procpool.task.Durations;
import org.procpool.task.Totals;
import picocli.CommandLine.Command;

/** {@code procpool demo}: what the product promises, shown and checked. */
@Command(
        name = "demo",
        description = "Shows the whole story on real input in half a minute: a pool comes up, tasks run, a worker is"
                + " killed, nothing is lost, everything leaves.",
        footer = {"", "Exit code: 0 only if every step held.", "", "Example:", "  procpool demo"})
final class DemoCommand extends CliCommand {

    private static final int WORKERS_MIN = 2;
    private static final int WORKERS_MAX = 4;
    private static final int PHOTOS = 6;
    private static final long READY_NANOS = TimeUnit.SECONDS.toNanos(20);

    DemoCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        Story story = new Story(console);
        // Drawing takes a while; it goes on beside the first two chapters.
        CompletableFuture<List<Payload>> photos = CompletableFuture.supplyAsync(DemoCommand::photos);
        DemoWitness witness = new DemoWitness();
        story.chapter("A pool of workers comes up");
        PoolServer server = PoolServer.startPrivate(options(), witness);
        try (server) {
            int workers = server.pool().options().workers();
            boolean up = witness.awaitReady(workers, READY_NANOS);
            witness.ready().forEach(ready -> tellReady(story, ready));
            story.check(
                    up,
                    "all " + workers + " workers are ready after " + Durations.format(story.elapsedNanos())
                            + "; clients connect to " + Addresses.format(server.address()));
            work(story, server, witness, photos);
            drain(story, server, witness);
        }
        return story.end() ? ExitCode.OK : ExitCode.FAILED;
    }

    private static List<Payload> photos() {
        try {
            return DemoPhotos.draw(PHOTOS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ServerOptions options() {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        int processors = Runtime.getRuntime().availableProcessors();
        PoolOptions pool = PoolOptions.defaults()
                .withName("demo")
                .withWorkers(Math.min(WORKERS_MAX, Math.max(WORKERS_MIN, processors)))
                .withHandlers(ServeCommand.samples());
        return ServerOptions.defaults().withPool(pool).withListen(any).withAdmin(any);
    }

    private static void tellReady(Story story, WorkerReady ready) {
        story.tell("worker " + ready.worker().slot() + " is process " + ready.pid() + ", booted in "
                + ready.bootMillis() + " ms");
    }

    private void work(Story story, PoolServer server, DemoWitness witness, CompletableFuture<List<Payload>> photos)
            throws InterruptedException, IOException {
        try (PoolClient client = PoolClient.builder()
                .address(Addresses.format(server.address()))
                .clientName("procpool-demo")
                .closeTimeout(Duration.ofSeconds(1))
                .connect()) {
            var pids = witness.ready().stream().map(WorkerReady::pid).collect(Collectors.toSet());
            new DemoCalls(story, client, pids).tell();
            new DemoBatch(story, console, server, client, witness)
                    .tell(DemoInput.texts(), DemoInput.modules(), DemoInput.photos(photos.join()));
            int expected = processes(server) + witness.exited().size();
            story.check(
                    witness.awaitReady(expected, READY_NANOS),
                    "a new worker is in its place: process "
                            + witness.ready().get(witness.ready().size() - 1).pid());
        }
    }

    /** Workers and spares. */
    private static int processes(PoolServer server) {
        return server.pool().options().workers() + server.pool().options().spares();
    }

    private static void drain(Story story, PoolServer server, DemoWitness witness) throws InterruptedException {
        story.chapter("Drain: finish, leave, leave nothing behind");
        Totals totals = server.pool().snapshot().totals();
        int before = witness.exited().size();
        Futures.join(server.drain(Duration.ofSeconds(10)));
        List<Autopsy> exits = witness.exited();
        List<Autopsy> drained = exits.subList(before, exits.size());
        for (Autopsy exit : drained) {
            story.tell("worker " + exit.worker().slot() + ", process " + exit.pid() + ": " + exit.exit());
        }
        boolean clean = drained.size() == processes(server)
                && drained.stream()
                        .allMatch(exit -> exit.exit() != null && exit.exit().code() == 0);
        story.check(clean, "every worker left by itself with exit code 0");
        story.check(
                totals.accepted() == totals.ended(),
                totals.accepted() + " tasks were accepted and " + totals.ended() + " ended, each in one outcome");
        // Ends the making of the archive too, which goes on beside a first run.
        server.close();
        List<Long> alive = witness.ready().stream()
                .map(WorkerReady::pid)
                .filter(pid -> ProcessHandle.of(pid).isPresent())
                .toList();
        long children = ProcessHandle.current().children().count();
        story.check(
                alive.isEmpty() && children == 0,
                "none of the " + witness.ready().size() + " worker processes is left, nor any other");
    }
}
