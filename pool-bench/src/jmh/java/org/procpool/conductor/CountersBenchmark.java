package org.procpool.conductor;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.procpool.proto.OnDisconnect;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;
import org.procpool.task.Outcome;
import org.procpool.task.TaskSpec;
import org.procpool.task.WorkerId;

/**
 * What the counts for metrics add to a task: one when it is accepted, and one for its outcome, its time in the queue
 * and its run time when it ends.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CountersBenchmark {

    private static final int TASKS = 1024;

    private final Counters counters = new Counters();
    private final Task[] alike = new Task[TASKS];
    private final Task[] mixed = new Task[TASKS];
    private final Outcome[] outcomes = new Outcome[TASKS];
    private int next;

    @Setup
    public void setUp() {
        counters.known(List.of("echo", "sha256", "thumbnail"));
        SplittableRandom random = new SplittableRandom(1);
        Client client = new Client(OnDisconnect.KEEP, this, new Share());
        String[] names = {"echo", "sha256", "thumbnail"};
        for (int i = 0; i < TASKS; i++) {
            alike[i] = new Task(i, client, i, TaskSpec.of("echo", Payload.EMPTY), 0);
            mixed[i] = new Task(i, client, i, TaskSpec.of(names[random.nextInt(names.length)], Payload.EMPTY), 0);
            outcomes[i] = new Outcome(
                    i,
                    OutcomeKind.SUCCEEDED,
                    Payload.EMPTY,
                    new WorkerId(1, 1),
                    1,
                    1,
                    nanos(random),
                    nanos(random),
                    null);
        }
    }

    /** From a microsecond to a tenth of a second, as many in each decade. */
    private static long nanos(SplittableRandom random) {
        return (long) (1_000 * Math.pow(10, 5 * random.nextDouble()));
    }

    private Counters count(Task[] tasks) {
        int i = next++ & TASKS - 1;
        counters.accepted();
        counters.ended(tasks[i], outcomes[i]);
        return counters;
    }

    /** Tasks of one name, as most are in a row. */
    @Benchmark
    public Counters oneName() {
        return count(alike);
    }

    /** Tasks of three names at random. */
    @Benchmark
    public Counters threeNames() {
        return count(mixed);
    }
}
