package org.procpool.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.procpool.client.PoolClient;
import org.procpool.client.Submission;
import org.procpool.client.TaskResult;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.TaskId;
import org.procpool.server.PoolServer;
import org.procpool.task.Autopsy;
import org.procpool.task.Durations;
import org.procpool.task.Sizes;
import org.procpool.task.WorkerSnapshot;

/** The demo's third chapter: a batch over real files, and a worker that is killed in the middle of it. */
final class DemoBatch {

    private static final long EXIT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int KILLS_MAX = 5;

    private final Story story;
    private final Console console;
    private final PoolServer server;
    private final PoolClient client;
    private final DemoWitness witness;

    private final Map<Long, DemoInput> inputs = new ConcurrentHashMap<>();
    private final AtomicInteger ended = new AtomicInteger();

    DemoBatch(Story story, Console console, PoolServer server, PoolClient client, DemoWitness witness) {
        this.story = story;
        this.console = console;
        this.server = server;
        this.client = client;
        this.witness = witness;
    }

    void tell(List<DemoInput> texts, List<DemoInput> modules, List<DemoInput> photos) throws InterruptedException {
        story.chapter("A batch over real files, and kill -9 in the middle of it");
        describe("word counts of texts", texts);
        describe("SHA-256 of Java's own files", modules);
        describe("thumbnails of photos of 12 megapixels", photos);
        List<DemoInput> batch = mixed(List.of(texts, modules, photos));
        List<Submission> submissions = new ArrayList<>();
        long startedNanos = System.nanoTime();
        for (DemoInput input : batch) {
            Submission submission = client.start(input.request());
            submission.accepted().thenAccept(id -> inputs.put(id, input));
            submission.result().thenRun(ended::incrementAndGet);
            submissions.add(submission);
        }
        Progress progress = new Progress(console, "");
        awaitProgress(progress, batch.size(), batch.size() / 3);
        Autopsy victim = killInTheMiddle(batch.size());
        awaitProgress(progress, batch.size(), batch.size());
        long nanos = System.nanoTime() - startedNanos;
        List<TaskResult> results = submissions.stream()
                .map(submission -> submission.result().join())
                .toList();
        checkAll(batch, results, nanos);
        checkCrash(batch, results, victim);
    }

    private void describe(String what, List<DemoInput> part) {
        long bytes = part.stream().mapToLong(DemoInput::bytes).sum();
        story.tell(part.size() + " " + what + ", " + Sizes.format(bytes));
    }

    /** The parts spread evenly, so that the middle has something of each. */
    static List<DemoInput> mixed(List<List<DemoInput>> parts) {
        record Place(DemoInput input, double position) {}
        List<Place> places = new ArrayList<>();
        for (List<DemoInput> part : parts) {
            for (int i = 0; i < part.size(); i++) {
                places.add(new Place(part.get(i), (i + 0.5) / part.size()));
            }
        }
        places.sort(Comparator.comparingDouble(Place::position));
        return places.stream().map(Place::input).toList();
    }

    /** Kills a worker that is busy with a photo; again if it was done with it in that very moment. */
    private @Nullable Autopsy killInTheMiddle(int total) throws InterruptedException {
        for (int kill = 0; kill < KILLS_MAX; kill++) {
            WorkerSnapshot busy = awaitBusyWithPhoto(total);
            if (busy == null) {
                return null;
            }
            story.tell("kill -9 " + busy.pid() + "  (worker " + busy.id().slot() + ", which runs " + name(busy.taskId())
                    + ")");
            ProcessHandle.of(busy.pid()).ifPresent(ProcessHandle::destroyForcibly);
            Autopsy exit = witness.awaitExit(busy.pid(), EXIT_NANOS);
            if (exit == null || exit.taskId() != 0) {
                return exit;
            }
        }
        return null;
    }

    private @Nullable WorkerSnapshot awaitBusyWithPhoto(int total) throws InterruptedException {
        while (ended.get() < total) {
            for (WorkerSnapshot worker : server.pool().snapshot().workers()) {
                if (DemoInput.THUMBNAIL.equals(worker.task()) && worker.pid() != 0) {
                    return worker;
                }
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
        return null;
    }

    private String name(long taskId) {
        DemoInput input = inputs.get(taskId);
        return "task " + TaskId.format(taskId)
                + (input == null ? "" : ": " + input.request().task() + " of " + input.label());
    }

    private void awaitProgress(Progress progress, int total, int until) throws InterruptedException {
        while (ended.get() < until) {
            progress.count(ended.get(), 0, total);
            TimeUnit.MILLISECONDS.sleep(10);
        }
        progress.clear();
        if (!progress.visible() || until == total) {
            story.tell(Progress.bar((double) ended.get() / total) + "  " + ended.get() + " of " + total + " done");
        }
    }

    private void checkAll(List<DemoInput> batch, List<TaskResult> results, long nanos) {
        long succeeded = results.stream().filter(TaskResult::succeeded).count();
        story.check(
                succeeded == batch.size(),
                "the batch is complete: " + succeeded + " of " + batch.size() + " tasks succeeded, in "
                        + Durations.format(nanos));
        long right = 0;
        long thumbnails = 0;
        long photos = 0;
        for (int i = 0; i < batch.size(); i++) {
            String expected = batch.get(i).expected();
            photos += expected == null ? 1 : 0;
            if (expected == null) {
                thumbnails += isThumbnail(results.get(i)) ? 1 : 0;
            } else {
                right += results.get(i).payload().text().equals(expected) ? 1 : 0;
            }
        }
        long answers = batch.size() - photos;
        story.check(right == answers, right + " of " + answers + " counts and digests equal those worked out here");
        story.check(thumbnails == photos, thumbnails + " of " + photos + " thumbnails are JPEGs of 256 x 192 pixels");
    }

    private static boolean isThumbnail(TaskResult result) {
        try {
            var image = ImageIO.read(new ByteArrayInputStream(result.payload().bytes()));
            return image != null && image.getWidth() == 256 && image.getHeight() == 192;
        } catch (IOException e) {
            return false;
        }
    }

    private void checkCrash(List<DemoInput> batch, List<TaskResult> results, @Nullable Autopsy victim) {
        if (victim == null) {
            story.check(false, "no worker could be killed in the middle of a task");
            return;
        }
        story.tell("worker " + victim.worker().slot() + " ended with " + victim.exit() + "; it cost "
                + name(victim.taskId()));
        List<TaskResult> again =
                results.stream().filter(result -> result.attempts() > 1).toList();
        boolean one = again.size() == 1 && again.get(0).taskId() == victim.taskId();
        story.check(
                one && again.get(0).outcome() == OutcomeKind.SUCCEEDED,
                "the crash cost that one task, which ran again (attempt "
                        + (again.isEmpty()
                                ? "none"
                                : again.get(0).attempts() + " on worker "
                                        + again.get(0).workerId() + ", pid "
                                        + again.get(0).workerPid())
                        + "), and none of the other " + (batch.size() - 1));
    }
}
