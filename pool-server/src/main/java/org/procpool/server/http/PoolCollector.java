package org.procpool.server.http;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.procpool.PoolReport;
import org.procpool.PoolSnapshot;
import org.procpool.proto.OutcomeKind;
import org.procpool.task.Departure;
import org.procpool.task.DurationCounts;
import org.procpool.task.PoolState;
import org.procpool.task.QuarantinedTask;
import org.procpool.task.RejectReason;
import org.procpool.task.TaskCounts;
import org.procpool.task.WorkerSnapshot;
import org.procpool.task.WorkerState;

/**
 * A report of the pool in Prometheus' terms. Label values come from enums, places of workers and names that workers
 * know, never from what clients send. Used on the admin loop only.
 */
final class PoolCollector implements MultiCollector {

    private static final double NANOS_PER_SECOND = 1e9;
    /** Of the ranges that the pool counts in, those with bounds that begin with 1, 2.5 and 5 are told. */
    private static final int[] TOLD_PER_DECADE = {0, 4, 7};

    private static final int RANGES_PER_DECADE = 10;

    private final LoopLag lag;
    private @Nullable PoolReport report;

    PoolCollector(LoopLag lag) {
        this.lag = lag;
    }

    /** What the next collection is of. */
    void show(PoolReport next) {
        report = next;
    }

    @Override
    public MetricSnapshots collect() {
        PoolReport now = report;
        List<MetricSnapshot> all = new ArrayList<>();
        if (now != null) {
            addPool(all, now.pool());
            addTasks(all, now);
            addQueue(all, now);
            addWorkers(all, now);
            addProcess(all);
        }
        return new MetricSnapshots(all);
    }

    private static void addPool(List<MetricSnapshot> all, PoolSnapshot pool) {
        all.add(GaugeSnapshot.builder()
                .name("procpool_build_info")
                .help("Always 1; its label is the version of procpool.")
                .dataPoint(gauge(Labels.of("version", Version.text()), 1))
                .build());
        GaugeSnapshot.Builder states = GaugeSnapshot.builder()
                .name("procpool_pool_state")
                .help("1 for the state that the pool is in, 0 for the others.");
        for (PoolState state : PoolState.values()) {
            states.dataPoint(gauge(Labels.of("state", label(state)), pool.state() == state ? 1 : 0));
        }
        all.add(states.build());
        all.add(gauge(
                "procpool_stuck",
                "1 while tasks wait although a worker has nothing to do, else 0.",
                pool.stuck() == null ? 0 : 1));
        all.add(counter("procpool_stuck_alarms", "How often that has been so for a second.", pool.stuckAlarms()));
        all.add(gauge("procpool_uptime_seconds", "Since the pool was started.", pool.uptimeMillis() / 1e3));
    }

    private static void addTasks(List<MetricSnapshot> all, PoolReport now) {
        all.add(counter(
                "procpool_tasks_accepted", "Tasks taken.", now.pool().totals().accepted()));
        CounterSnapshot.Builder ended = CounterSnapshot.builder()
                .name("procpool_tasks")
                .help("Accepted tasks that have ended, by task and outcome.");
        for (TaskCounts task : now.tasks()) {
            for (OutcomeKind kind : OutcomeKind.values()) {
                if (canEndAcceptedTasks(kind)) {
                    Labels labels = Labels.of("task", task.name(), "outcome", label(kind));
                    ended.dataPoint(counter(labels, task.outcomes().getOrDefault(kind, 0L)));
                }
            }
        }
        all.add(ended.build());
        CounterSnapshot.Builder rejected = CounterSnapshot.builder()
                .name("procpool_tasks_rejected")
                .help("Submissions that were not accepted, by reason.");
        for (RejectReason reason : RejectReason.values()) {
            rejected.dataPoint(
                    counter(Labels.of("reason", label(reason)), now.rejections().getOrDefault(reason, 0L)));
        }
        all.add(rejected.build());
        all.add(CounterSnapshot.builder()
                .name("procpool_task_retries")
                .help("Times that a task waited for another attempt, by what ended the last.")
                .dataPoint(counter(Labels.of("cause", "failed"), now.failuresRepeated()))
                .dataPoint(counter(Labels.of("cause", "worker_lost"), now.lossesRepeated()))
                .build());
        all.add(CounterSnapshot.builder()
                .name("procpool_task_affinity")
                .help("Times that a task with a key was handed to the worker that it prefers, or elsewhere.")
                .dataPoint(counter(Labels.of("where", "home"), now.keyedAtHome()))
                .dataPoint(counter(Labels.of("where", "elsewhere"), now.keyedElsewhere()))
                .build());
        Set<String> held =
                now.pool().quarantined().stream().map(QuarantinedTask::task).collect(Collectors.toSet());
        GaugeSnapshot.Builder quarantined = GaugeSnapshot.builder()
                .name("procpool_task_quarantined")
                .help("1 for each kind of task that is held back, 0 for the others.");
        for (TaskCounts task : now.tasks()) {
            quarantined.dataPoint(gauge(Labels.of("task", task.name()), held.contains(task.name()) ? 1 : 0));
        }
        all.add(quarantined.build());
        all.add(histogram(
                "procpool_task_queue_seconds",
                "From acceptance to the start of the last attempt, or to the outcome of a task that never ran.",
                now.tasks(),
                TaskCounts::queued));
        all.add(histogram("procpool_task_run_seconds", "Run time of the last attempt.", now.tasks(), TaskCounts::run));
    }

    private static boolean canEndAcceptedTasks(OutcomeKind kind) {
        return kind != OutcomeKind.REJECTED && kind != OutcomeKind.UNKNOWN;
    }

    private static void addQueue(List<MetricSnapshot> all, PoolReport now) {
        PoolSnapshot pool = now.pool();
        all.add(gauge(
                "procpool_queue_tasks", "Tasks that wait for a worker or their next attempt.", pool.queuedTasks()));
        all.add(gauge("procpool_queue_limit_tasks", "Tasks that may wait.", pool.queueTasksMax()));
        all.add(gauge(
                "procpool_clients_full",
                "Clients that have as many tasks in flight as they may, so that their other tasks wait.",
                pool.clients().full()));
        all.add(gauge("procpool_queue_bytes", "Payloads of the tasks that wait.", (double) pool.queuedBytes()));
        all.add(gauge(
                "procpool_queue_oldest_seconds",
                "How long the task has waited that waits longest; 0 if none does.",
                now.oldestWaitingNanos() / NANOS_PER_SECOND));
    }

    private static void addWorkers(List<MetricSnapshot> all, PoolReport now) {
        List<WorkerSnapshot> workers = now.pool().workers();
        GaugeSnapshot.Builder states =
                GaugeSnapshot.builder().name("procpool_workers").help("Places of workers, by what is in them.");
        for (WorkerState state : WorkerState.values()) {
            states.dataPoint(gauge(Labels.of("state", label(state)), (double)
                    workers.stream().filter(worker -> worker.state() == state).count()));
        }
        all.add(states.build());
        all.add(gauge(
                "procpool_workers_target",
                "Workers that are to serve.",
                now.pool().workersTarget()));
        all.add(gauge(
                "procpool_workers_min",
                "Fewest that the pool shrinks to by itself.",
                now.pool().workersMin()));
        all.add(gauge(
                "procpool_workers_max",
                "Most that the pool grows to by itself.",
                now.pool().workersMax()));
        CounterSnapshot.Builder exits = CounterSnapshot.builder()
                .name("procpool_worker_exits")
                .help("Worker processes that are gone, by reason.");
        for (Departure why : Departure.values()) {
            exits.dataPoint(
                    counter(Labels.of("reason", label(why)), now.departures().getOrDefault(why, 0L)));
        }
        all.add(exits.build());
        all.add(counter(
                "procpool_worker_restarts",
                "Processes started beyond the first of each place.",
                now.pool().restarts()));
        all.add(counter(
                "procpool_stale_messages",
                "Messages of workers that came too late to matter and were dropped.",
                now.pool().staleMessages()));
        all.add(byWorker(
                "procpool_worker_boot_seconds",
                "From launch to Ready of the present process.",
                workers,
                worker -> worker.bootMillis() / 1e3));
        all.add(byWorker(
                "procpool_worker_resident_memory_bytes",
                "Resident memory of the present process.",
                workers,
                worker -> ResidentMemory.ofProcess(worker.pid())));
    }

    private void addProcess(List<MetricSnapshot> all) {
        all.add(gauge(
                "procpool_loop_lag_seconds",
                "How long the pool's loop took to begin with the last thing it was asked, once a second.",
                lag.lastNanos() / NANOS_PER_SECOND));
        all.add(gauge(
                "procpool_loop_lag_max_seconds",
                "The longest of that within the last minute.",
                lag.greatestNanos() / NANOS_PER_SECOND));
        all.add(CounterSnapshot.builder()
                .name("process_cpu_seconds")
                .help("Processor time of the supervisor.")
                .dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                        .value(cpuNanos() / NANOS_PER_SECOND)
                        .build())
                .build());
        all.add(gauge("process_resident_memory_bytes", "Resident memory of the supervisor.", (double)
                ResidentMemory.ofProcess(ProcessHandle.current().pid())));
    }

    private static double cpuNanos() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(Duration::toNanos)
                .orElse(0L);
    }

    private static HistogramSnapshot histogram(
            String name, String help, List<TaskCounts> tasks, Function<TaskCounts, DurationCounts> durations) {
        HistogramSnapshot.Builder histogram =
                HistogramSnapshot.builder().name(name).help(help);
        for (TaskCounts task : tasks) {
            DurationCounts counts = durations.apply(task);
            // Tasks that nobody uses would double the size of the page.
            if (counts.count() > 0) {
                histogram.dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                        .labels(Labels.of("task", task.name()))
                        .classicHistogramBuckets(buckets(counts))
                        .sum(counts.sumNanos() / NANOS_PER_SECOND)
                        .build());
            }
        }
        return histogram.build();
    }

    private static ClassicHistogramBuckets buckets(DurationCounts counts) {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        long within = 0;
        int told = 0;
        for (int range = 0; range < counts.buckets().length; range++) {
            within += counts.buckets()[range];
            if (range == counts.buckets().length - 1) {
                buckets.bucket(Double.POSITIVE_INFINITY, within);
            } else if (range % RANGES_PER_DECADE == TOLD_PER_DECADE[told % TOLD_PER_DECADE.length]) {
                buckets.bucket(DurationCounts.boundNanos(range) / NANOS_PER_SECOND, within);
                within = 0;
                told++;
            }
        }
        return buckets.build();
    }

    private static GaugeSnapshot byWorker(
            String name, String help, List<WorkerSnapshot> workers, ToDoubleFunction<WorkerSnapshot> value) {
        GaugeSnapshot.Builder gauges = GaugeSnapshot.builder().name(name).help(help);
        for (WorkerSnapshot worker : workers) {
            if (worker.pid() != 0) {
                Labels labels = Labels.of("worker", Integer.toString(worker.id().slot()));
                gauges.dataPoint(gauge(labels, value.applyAsDouble(worker)));
            }
        }
        return gauges.build();
    }

    private static MetricSnapshot gauge(String name, String help, double value) {
        return GaugeSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(gauge(Labels.EMPTY, value))
                .build();
    }

    private static GaugeSnapshot.GaugeDataPointSnapshot gauge(Labels labels, double value) {
        return GaugeSnapshot.GaugeDataPointSnapshot.builder()
                .labels(labels)
                .value(value)
                .build();
    }

    private static MetricSnapshot counter(String name, String help, long value) {
        return CounterSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(counter(Labels.EMPTY, value))
                .build();
    }

    private static CounterSnapshot.CounterDataPointSnapshot counter(Labels labels, long value) {
        return CounterSnapshot.CounterDataPointSnapshot.builder()
                .labels(labels)
                .value((double) value)
                .build();
    }

    private static String label(Enum<?> value) {
        return AdminJson.lower(value).replace('-', '_');
    }
}
