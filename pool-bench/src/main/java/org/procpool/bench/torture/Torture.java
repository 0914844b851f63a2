package org.procpool.bench.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.procpool.PoolListener;
import org.procpool.PoolOptions;
import org.procpool.ProcessPool;
import org.procpool.bench.ScratchDirectory;
import org.procpool.conductor.PoisonLimits;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.TaskError;
import org.procpool.recorder.RecorderOptions;
import org.procpool.task.Autopsy;
import org.procpool.task.Departure;
import org.procpool.task.Outcome;

/** Puts a pool under load, kills its workers in every way, and has the records judged by a program of its own. */
public final class Torture {

    /** The handler that witnesses finds the directory for its records in this system property of its worker. */
    private static final String EVIDENCE_PROPERTY = "procpool.torture.evidence";

    private static final int CLAIMS = 1024;
    private static final long FINISH_NANOS = TimeUnit.SECONDS.toNanos(120);
    private static final double NANOS_PER_SECOND = 1e9;

    private final TortureOptions options;
    private final Consumer<Death> listener;
    private final Path evidence;
    private final LinkedBlockingQueue<Autopsy> autopsies = new LinkedBlockingQueue<>();
    private final List<Death> deaths = new ArrayList<>();

    private Torture(TortureOptions options, Consumer<Death> listener, Path evidence) {
        this.options = options;
        this.listener = listener;
        this.evidence = evidence;
    }

    /**
     * Carries it out. Blocks; an interrupt ends it early. Leaves no process and no file in either case, but for records
     * that are to be kept.
     *
     * @param died told each death as it happens, on the calling thread
     * @throws TortureException if it could not be carried out, so nothing is proved
     * @throws org.procpool.PoolException if the pool cannot start
     */
    public static TortureResult run(TortureOptions options, Consumer<Death> died)
            throws TortureException, InterruptedException, IOException {
        Path keep = options.keep();
        if (keep != null) {
            Path records = Files.createDirectories(keep.toAbsolutePath());
            if (Files.exists(records.resolve(DriverLog.FILE))) {
                throw new TortureException("there are records of another run in " + keep + "; name a new directory");
            }
            return new Torture(options, died, records).run();
        }
        try (ScratchDirectory evidence = ScratchDirectory.create("procpool-torture-")) {
            return new Torture(options, died, evidence.path()).run();
        }
    }

    private TortureResult run() throws TortureException, InterruptedException, IOException {
        Work work;
        try (DriverLog log = new DriverLog(evidence)) {
            log.head(options);
            work = torture(log);
        }
        return new TortureResult(options, deaths, work.outcomes, work.seconds, Verdict.of(evidence));
    }

    /** What the load came to. */
    private record Work(Map<OutcomeKind, Long> outcomes, double seconds) {}

    private Work torture(DriverLog log) throws TortureException, InterruptedException {
        PoolListener listening = new PoolListener() {
            @Override
            public void workerExited(WorkerExited event) {
                if (event.autopsy().why() != Departure.DRAINED) {
                    autopsies.add(event.autopsy());
                }
            }
        };
        ProcessPool pool =
                ProcessPool.builder().options(poolOptions()).listener(listening).build();
        boolean done = false;
        Submitter submitter = new Submitter(pool, options, log);
        try {
            tryUserTask(submitter);
            long start = System.nanoTime();
            submitter.start();
            new Executioner(pool, options, submitter, autopsies, death -> record(death, log)).execute();
            submitter.finish(FINISH_NANOS);
            double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
            log.counted(pool.snapshot());
            done = true;
            return new Work(submitter.outcomes(), seconds);
        } finally {
            if (!done) {
                submitter.stop();
                pool.stop();
            }
            pool.close();
        }
    }

    private void record(Death death, DriverLog log) {
        log.died(death);
        deaths.add(death);
        listener.accept(death);
    }

    private PoolOptions poolOptions() {
        List<String> jvmArgs = new ArrayList<>(List.of("-XX:-CreateCoredumpOnCrash"));
        if (options.task() == null) {
            jvmArgs.add("-D" + EVIDENCE_PROPERTY + "=" + evidence);
        }
        return PoolOptions.defaults()
                .withName("torture")
                .withWorkers(options.workers())
                .withSpares(1)
                .withJava(options.java())
                .withHandlers(options.handlers())
                .withProviders(options.providers())
                .withWorkerJvmArgs(jvmArgs)
                .withRecorder(options.recorder())
                .withRecorderOptions(new RecorderOptions(CLAIMS, options.ringBytes()))
                .withGraceNanos(TimeUnit.MILLISECONDS.toNanos(50))
                .withRestartsMax(100_000)
                .withPoison(PoisonLimits.DEFAULT.withDeaths(0));
    }

    /** Before anybody dies: a task that the workers do not have would prove nothing. */
    private void tryUserTask(Submitter submitter) throws InterruptedException, TortureException {
        TortureOptions.UserTask task = options.task();
        if (task == null) {
            return;
        }
        Outcome outcome = firstOutcome(submitter);
        if (outcome == null) {
            throw new TortureException("the task '" + task.name()
                    + "' has not ended after a minute, with nobody killed;" + " give it an input that is done sooner");
        }
        if (!outcome.succeeded()) {
            TaskError error = outcome.error();
            throw new TortureException("with nobody killed the task '" + task.name() + "' ends as " + outcome.kind()
                    + (error == null ? "" : " (" + error.message() + ")")
                    + "; give it an input that it takes, with --text or --file");
        }
    }

    private static @Nullable Outcome firstOutcome(Submitter submitter) throws InterruptedException {
        try {
            return submitter.submit().get(1, TimeUnit.MINUTES);
        } catch (ExecutionException | TimeoutException e) {
            return null;
        }
    }
}
