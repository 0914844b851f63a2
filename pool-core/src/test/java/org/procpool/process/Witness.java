package org.procpool.process;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.procpool.recorder.SupervisorPage;
import org.procpool.task.WorkerEnd;

/** Keeps what is told of one process. */
final class Witness implements ProcessEvents {

    private static final long SECONDS_MAX = 30;

    private final CompletableFuture<Long> pid = new CompletableFuture<>();
    private final CompletableFuture<WorkerEnd> end = new CompletableFuture<>();
    private final CompletableFuture<String> failure = new CompletableFuture<>();
    private final List<ProcessLook> looks = new CopyOnWriteArrayList<>();
    private volatile @Nullable SupervisorPage page;

    @Override
    public void launched(long newPid, @Nullable SupervisorPage newPage) {
        page = newPage;
        pid.complete(newPid);
    }

    @Override
    public void launchFailed(String why) {
        failure.complete(why);
    }

    @Override
    public void examined(ProcessLook look) {
        looks.add(look);
    }

    @Override
    public void exited(WorkerEnd how) {
        end.complete(how);
    }

    long pid() throws Exception {
        return pid.get(SECONDS_MAX, TimeUnit.SECONDS);
    }

    WorkerEnd end() throws Exception {
        return end.get(SECONDS_MAX, TimeUnit.SECONDS);
    }

    boolean hasEnded() {
        return end.isDone();
    }

    String failure() throws Exception {
        return failure.get(SECONDS_MAX, TimeUnit.SECONDS);
    }

    List<ProcessLook> looks() {
        return looks;
    }

    @Nullable
    SupervisorPage page() {
        return page;
    }
}
