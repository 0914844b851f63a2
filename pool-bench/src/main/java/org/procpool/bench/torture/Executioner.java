package org.procpool.bench.torture;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.procpool.ProcessPool;
import org.procpool.proto.OutcomeKind;
import org.procpool.task.Autopsy;
import org.procpool.task.Outcome;
import org.procpool.task.WorkerId;
import org.procpool.task.WorkerSnapshot;
import org.procpool.task.WorkerState;

/**
 * Brings the deaths about, one after the other, and waits for the pool's report of each. One thread.
 *
 * @param autopsies of all workers, in the order in which they ended
 * @param died told each death
 */
record Executioner(
        ProcessPool pool,
        TortureOptions options,
        Submitter load,
        BlockingQueue<Autopsy> autopsies,
        Consumer<Death> died) {

    private static final long PATIENCE_SECONDS = 60;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    private static final int LOOK_AGAIN_MICROS = 500;
    private static final int PAUSE_MICROS_MAX = 20_000;
    private static final int STOPPED_MICROS_MAX = 40_000;
    private static final int UNSEEN_MICROS_MIN = 2_000;
    private static final int UNSEEN_MICROS_MAX = 20_000;
    private static final int REAPED_MICROS = 40_000;
    /** Less than what makes the pool believe that it was stopped. */
    private static final long HELD_MILLIS_MAX = 400;

    private static final long RUN_TIMEOUT_NANOS = TimeUnit.MILLISECONDS.toNanos(30);
    /** All but one of so many victims hold many tasks, so many, if there is such a worker within this time. */
    private static final int LADEN_OF = 4;

    private static final int LADEN_TASKS = 16;
    private static final long LADEN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    /** So many workers may still be missing when the next is struck. */
    private static final int MISSING_MAX = 1;

    /**
     * All deaths that were asked for.
     *
     * @return how many there were, those that nobody asked for included
     */
    int execute() throws TortureException, InterruptedException {
        // Not the seed of the load: what that draws does not depend on how fast the deaths go.
        Random random = new Random(~options.seed());
        List<Way> ways = new ArrayList<>();
        int count = 0;
        for (int asked = 0; asked < options.kills(); asked++) {
            if (ways.isEmpty()) {
                ways.addAll(options.task() == null ? Way.ALL : Way.FROM_OUTSIDE);
                Collections.shuffle(ways, random);
            }
            count = watch(count, random.nextInt(PAUSE_MICROS_MAX));
            Way way = ways.remove(0);
            // Mostly a worker that holds many tasks, since its death has most to account for.
            boolean laden = options.recorder() && (random.nextInt(LADEN_OF) > 0 || way == Way.KILL_UNSEEN);
            load.tinyOnly(laden);
            WorkerId worker = way.isTask() ? submit(way, laden) : strike(way, laden, random);
            load.tinyOnly(false);
            count = await(worker, way, count);
            load.check();
        }
        return count;
    }

    /** Long enough for the moment to be any; who dies meanwhile was not asked to. */
    private int watch(int count, int micros) throws InterruptedException {
        int number = count;
        long deadline = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(micros);
        while (true) {
            Autopsy other = autopsies.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (other == null) {
                return number;
            }
            number++;
            died.accept(Death.of(number, Way.UNASKED, other));
        }
    }

    private int await(WorkerId worker, Way way, int count) throws InterruptedException, TortureException {
        int number = count;
        while (true) {
            Autopsy autopsy = autopsies.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (autopsy == null) {
                throw new TortureException("worker " + worker + " should have died of " + way.label() + ", but nothing"
                        + " was heard of its end for " + PATIENCE_SECONDS + " s");
            }
            number++;
            boolean expected = autopsy.worker().equals(worker);
            died.accept(Death.of(number, expected ? way : Way.UNASKED, autopsy));
            if (expected) {
                return number;
            }
        }
    }

    private WorkerId submit(Way way, boolean laden) throws InterruptedException, TortureException {
        victim(laden, new Random(0));
        CompletableFuture<Outcome> deadly = load.submitDeadly(way, way == Way.TIME_OUT ? RUN_TIMEOUT_NANOS : 0);
        try {
            Outcome outcome = deadly.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            WorkerId worker = outcome.worker();
            if (worker == null
                    || outcome.kind() != OutcomeKind.WORKER_LOST && outcome.kind() != OutcomeKind.TIMED_OUT) {
                throw new TortureException("the task that was to die of " + way.label() + " ended as " + outcome.kind()
                        + (outcome.error() == null ? "" : ": " + outcome.error().message()));
            }
            return worker;
        } catch (ExecutionException | TimeoutException e) {
            throw new TortureException("the task that was to die of " + way.label() + " has no outcome", e);
        }
    }

    private WorkerId strike(Way way, boolean laden, Random random) throws InterruptedException, TortureException {
        WorkerSnapshot victim = victim(laden, random);
        try {
            switch (way) {
                case KILL -> kill(victim);
                case KILL_UNSEEN -> killUnseen(victim, random);
                case SEGV -> signal(victim, "SEGV");
                case STOP_KILL -> {
                    signal(victim, "STOP");
                    // What is not started goes elsewhere after the pool's patience, which may be over or not.
                    pause(random.nextInt(STOPPED_MICROS_MAX));
                    kill(victim);
                }
                case HALT, CLOSE, TIME_OUT, UNASKED ->
                    throw new IllegalStateException(way + " does not come from outside");
            }
        } catch (IOException e) {
            throw new TortureException("cannot send a signal to worker " + victim.id() + ": " + e.getMessage(), e);
        }
        return victim.id();
    }

    private void killUnseen(WorkerSnapshot victim, Random random) throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        pool.port().eventLoop().execute(() -> {
            held.countDown();
            hold(released);
        });
        try {
            held.await();
            pause(UNSEEN_MICROS_MIN + random.nextInt(UNSEEN_MICROS_MAX - UNSEEN_MICROS_MIN));
            Optional<ProcessHandle> process = child(victim);
            process.ifPresent(ProcessHandle::destroyForcibly);
            if (process.isPresent()) {
                awaitExit(process.get());
            }
            // So that the news of its exit is there before the loop looks at its socket.
            pause(REAPED_MICROS);
        } finally {
            released.countDown();
        }
    }

    private static void hold(CountDownLatch released) {
        try {
            released.await(HELD_MILLIS_MAX, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitExit(ProcessHandle process) throws InterruptedException {
        try {
            process.onExit().get(HELD_MILLIS_MAX, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // Its end is waited for by the pool as well, with more patience.
            return;
        }
    }

    /** Waits until workers serve as they should, and takes any that is busy, and laden if there is one before long. */
    private WorkerSnapshot victim(boolean laden, Random random) throws InterruptedException, TortureException {
        int least = Math.max(1, options.workers() - MISSING_MAX);
        long start = System.nanoTime();
        for (long waited = 0; waited < PATIENCE_NANOS; waited = System.nanoTime() - start) {
            int held = laden && waited < LADEN_NANOS ? LADEN_TASKS : 1;
            List<WorkerSnapshot> workers = pool.snapshot().workers();
            List<WorkerSnapshot> busy = workers.stream()
                    .filter(worker -> worker.state() == WorkerState.BUSY && worker.pid() != 0)
                    .toList();
            List<WorkerSnapshot> candidates =
                    busy.stream().filter(worker -> worker.inFlight() >= held).toList();
            long idle = workers.stream()
                    .filter(worker -> worker.state() == WorkerState.IDLE)
                    .count();
            if (!candidates.isEmpty() && busy.size() + idle >= least) {
                return candidates.get(random.nextInt(candidates.size()));
            }
            load.check();
            pause(LOOK_AGAIN_MICROS);
        }
        throw new TortureException("for " + PATIENCE_SECONDS + " s less than " + least
                + " workers served, or none of them was busy; is this machine busy with something else?");
    }

    private static void pause(int micros) throws InterruptedException {
        new CountDownLatch(1).await(micros, TimeUnit.MICROSECONDS);
    }

    /** Only a child of this process: a number that has gone to somebody else since is left alone. */
    private static void kill(WorkerSnapshot victim) {
        child(victim).ifPresent(ProcessHandle::destroyForcibly);
    }

    private static void signal(WorkerSnapshot victim, String name) throws IOException, InterruptedException {
        if (child(victim).isPresent()) {
            new ProcessBuilder("sh", "-c", "kill -" + name + " " + victim.pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        }
    }

    private static Optional<ProcessHandle> child(WorkerSnapshot victim) {
        return ProcessHandle.of(victim.pid())
                .filter(process -> process.parent()
                        .filter(parent ->
                                parent.pid() == ProcessHandle.current().pid())
                        .isPresent());
    }
}
