package org.procpool.system;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.procpool.PoolListener;
import org.procpool.PoolOptions;
import org.procpool.ProcessPool;
import org.procpool.proto.Payload;

/**
 * A program that embeds a pool, keeps each of its workers busy with one task, tells what becomes of workers and tasks,
 * and waits to be killed.
 */
final class SupervisorMain {

    private static final String ZEROS = "zeros:";

    private SupervisorMain() {}

    /** A payload of so many bytes, which no command line could hold. */
    static String zeros(int bytes) {
        return ZEROS + bytes;
    }

    private static byte[] payload(String argument) {
        return argument.startsWith(ZEROS)
                ? new byte[Integer.parseInt(argument.substring(ZEROS.length()))]
                : Payload.of(argument).bytes();
    }

    /** Its command; the pool uses the directories of the test that runs. */
    static ProcessBuilder command(int workers, String task, String payload, long hangTimeoutMillis) {
        return Program.javaCommand(
                SupervisorMain.class,
                LeakCheck.runDirectory().toString(),
                LeakCheck.memoryDirectory().toString(),
                Handlers.classPath().stream().map(Path::toString).collect(Collectors.joining(":")),
                String.join(",", Handlers.PROVIDERS),
                Long.toString(hangTimeoutMillis),
                Integer.toString(workers),
                task,
                payload);
    }

    public static void main(String[] arguments) throws Exception {
        int workers = Integer.parseInt(arguments[5]);
        PoolOptions options = PoolOptions.defaults()
                .withWorkers(workers)
                .withSpares(0)
                .withWorkerJvmArgs(List.of("-Xmx64m"))
                .withRunDirectory(Path.of(arguments[0]))
                .withMemoryDirectory(Path.of(arguments[1]))
                .withHandlers(
                        List.of(arguments[2].split(":")).stream().map(Path::of).toList())
                .withProviders(List.of(arguments[3].split(",")))
                .withHangTimeoutNanos(TimeUnit.MILLISECONDS.toNanos(Long.parseLong(arguments[4])));
        PoolListener listener = new PoolListener() {
            @Override
            public void workerExited(WorkerExited event) {
                System.out.println("exited " + event.autopsy().why());
            }
        };
        try (ProcessPool pool =
                ProcessPool.builder().options(options).listener(listener).build()) {
            for (int i = 0; i < workers; i++) {
                pool.submit(arguments[6], payload(arguments[7]))
                        .thenAccept(outcome -> System.out.println("outcome " + outcome.kind()));
            }
            Pools.untilRunning(pool, arguments[6], workers);
            for (var worker : pool.snapshot().workers()) {
                System.out.println("worker " + worker.pid());
            }
            System.out.println("busy");
            new CountDownLatch(1).await();
        }
    }

    /** The processes of its workers, once they are busy. */
    static List<Long> workers(Program supervisor) {
        supervisor.line("^busy$");
        return supervisor.output().stream()
                .filter(line -> line.startsWith("worker "))
                .map(line -> Long.valueOf(line.substring("worker ".length())))
                .toList();
    }
}
