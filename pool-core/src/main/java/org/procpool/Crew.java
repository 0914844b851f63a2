package org.procpool;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.procpool.cgroup.PoolGroups;
import org.procpool.conductor.Client;
import org.procpool.conductor.Conductor;
import org.procpool.conductor.Effects;
import org.procpool.conductor.StoreRecord;
import org.procpool.conductor.Task;
import org.procpool.link.Observation;
import org.procpool.link.WorkerLink;
import org.procpool.link.WorkerServer;
import org.procpool.process.RecorderPlace;
import org.procpool.process.RunDirectory;
import org.procpool.process.WorkerProcess;
import org.procpool.process.WorkerProgram;
import org.procpool.process.WorkerSettings;
import org.procpool.proto.TaskFrame;
import org.procpool.recorder.CorruptRecorderException;
import org.procpool.spool.Spool;
import org.procpool.task.Autopsy;
import org.procpool.task.Departure;
import org.procpool.task.Outcome;
import org.procpool.task.RejectReason;
import org.procpool.task.TaskSpec;
import org.procpool.task.WorkerId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pool's workers: carries out what the conductor wants of them. Used on the loop only. */
final class Crew implements Effects {

    private static final Logger LOG = LoggerFactory.getLogger(Crew.class);
    private static final int TOKEN_BYTES = 16;

    private final PoolOptions options;
    private final PoolLoop loop;
    private final WorkerProgram program;
    private final RunDirectory directory;
    private final @Nullable RecorderPlace recorder;
    private final PoolGroups groups;
    /** Null if all payloads pass through this process. */
    private final @Nullable Spool spool;

    private final WorkerServer server;
    private final Chronicle chronicle;
    private final SecureRandom random;
    private final Releases releases;
    private final Reception reception;
    /** By slot: each has one process at a time. */
    private final List<@Nullable WorkerHandle> handles = new ArrayList<>();
    /** What the conductor wants looked at, done when its own turn is over. */
    private final List<Runnable> looks = new ArrayList<>();

    Crew(Foundation foundation, PoolLoop loop, Chronicle chronicle, SecureRandom random) {
        this.options = foundation.options();
        this.loop = loop;
        this.program = foundation.program();
        this.directory = foundation.directory();
        this.recorder = foundation.recorderPlace();
        this.groups = foundation.groups();
        this.spool = foundation.spool();
        this.server = new WorkerServer(
                loop.turn(), options.payloadBytesMax(), options.bootTimeoutNanos(), options.writeTimeoutNanos());
        this.chronicle = chronicle;
        this.random = random;
        this.releases = new Releases(foundation.handlers());
        this.reception = new Reception(foundation, loop, server, chronicle);
    }

    /** Who decides; to be called once, before anything else. */
    void serve(Conductor conductor) {
        reception.serve(conductor);
    }

    WorkerServer server() {
        return server;
    }

    /** Does what had to wait until the conductor was done. False if there was nothing. */
    boolean look() {
        if (looks.isEmpty()) {
            return false;
        }
        List<Runnable> now = List.copyOf(looks);
        looks.clear();
        now.forEach(Runnable::run);
        return true;
    }

    void killAll() {
        handles.stream().filter(Objects::nonNull).forEach(WorkerHandle::kill);
    }

    /** Compiled code may report the loss of a page's memory late, and far from where it was touched. */
    boolean aPageIsCorrupt() {
        boolean found = false;
        for (WorkerHandle handle : handles) {
            try {
                if (handle != null) {
                    handle.link().verify();
                }
            } catch (CorruptRecorderException e) {
                found = true;
                loop.post(() -> reception.corrupt(handle, String.valueOf(e.getMessage())));
            }
        }
        return found;
    }

    Releases releases() {
        return releases;
    }

    // ---- effects

    @Override
    public void launch(WorkerId id, int release) {
        byte[] secret = new byte[TOKEN_BYTES];
        random.nextBytes(secret);
        String token = HexFormat.of().formatHex(secret);
        WorkerHandle handle = new WorkerHandle(id, loop, reception, token);
        while (handles.size() <= id.slot()) {
            handles.add(null);
        }
        handles.set(id.slot(), handle);
        WorkerLink link = server.expect(token, handle);
        WorkerSettings settings = new WorkerSettings(
                id,
                directory.socket(),
                token,
                releases.handlersOf(release),
                options.providers(),
                options.programs().exec(),
                spool == null ? List.of() : spool.settings());
        handle.start(
                link,
                WorkerProcess.launch(
                        program, settings, directory.workerDirectory(id.toString()), recorder, groups, handle));
    }

    @Override
    public void offer(WorkerId worker, long dispatch, Task task) {
        TaskSpec spec = task.spec();
        long limit = reception.conductor().levers().limits().runLimitNanos(task);
        handle(worker)
                .link()
                .offer(
                        new TaskFrame(
                                dispatch,
                                task.id(),
                                task.attempts(),
                                spec.name(),
                                limit / 1_000_000,
                                spec.retiresWorker(),
                                spec.payload()),
                        spec.maxAttempts() == 1 && !spec.detached());
    }

    @Override
    public boolean revoke(WorkerId worker, long dispatch) {
        WorkerHandle handle = handle(worker);
        try {
            return handle.link().revoke(dispatch);
        } catch (CorruptRecorderException e) {
            looks.add(() -> reception.corrupt(handle, String.valueOf(e.getMessage())));
            return false;
        }
    }

    @Override
    public void observe(WorkerId worker) {
        looks.add(() -> look(worker));
    }

    private void look(WorkerId worker) {
        WorkerHandle handle = known(worker);
        if (handle == null) {
            return;
        }
        try {
            Observation seen = handle.link().observe();
            if (seen != null) {
                reception.observed(worker, seen);
            }
        } catch (CorruptRecorderException e) {
            reception.corrupt(handle, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void aim(WorkerId worker, long dispatch) {
        WorkerHandle handle = handle(worker);
        // The dump comes first: judged is what the task has come to when nothing is left to do but to kill.
        looks.add(() -> handle.dumpFirst(() -> aimed(worker, dispatch)));
    }

    private void aimed(WorkerId worker, long dispatch) {
        WorkerHandle handle = known(worker);
        if (handle != null) {
            handle.link().readAll();
            reception.aimed(worker, dispatch);
        }
    }

    @Override
    public void ping(WorkerId worker) {
        handle(worker).link().ping();
    }

    @Override
    public void examine(WorkerId worker) {
        handle(worker).examine();
    }

    @Override
    public void weigh(WorkerId worker) {
        // One look tells both.
        examine(worker);
    }

    @Override
    public void serves(WorkerId worker) {
        LOG.debug("worker={} state=serving", worker);
    }

    @Override
    public void retiring(WorkerId worker, Departure why, String detail) {
        chronicle.retiring(worker, handle(worker).pid, why, detail);
    }

    @Override
    public void vacated(int slot) {
        LOG.debug("place={} is wanted no longer", slot);
    }

    @Override
    public void interrupt(WorkerId worker, long dispatch) {
        handle(worker).link().cancel(dispatch);
    }

    @Override
    public void drain(WorkerId worker) {
        handle(worker).link().drain();
    }

    @Override
    public void kill(WorkerId worker, @Nullable Departure why) {
        WorkerHandle handle = handle(worker);
        if (why == Departure.TIMED_OUT || why == Departure.CANCELLED) {
            handle.killAimedAt();
        } else if (why == Departure.HUNG) {
            handle.killAfterSignal();
        } else if (why == null) {
            handle.killSoon();
        } else {
            handle.kill();
        }
    }

    /** Null if that process is gone. */
    final @Nullable WorkerHandle known(WorkerId worker) {
        WorkerHandle handle = worker.slot() < handles.size() ? handles.get(worker.slot()) : null;
        return handle != null && handle.id.equals(worker) ? handle : null;
    }

    private WorkerHandle handle(WorkerId worker) {
        WorkerHandle handle = known(worker);
        if (handle == null) {
            throw new IllegalStateException("worker " + worker + " has no process");
        }
        return handle;
    }

    @Override
    public void persist(long lsn, StoreRecord record) {
        throw new IllegalStateException("pool '" + options.name() + "' has no store for record " + lsn);
    }

    @Override
    public void accept(Task task) {
        sink(task.client()).accepted(task);
    }

    @Override
    public void reject(Client client, long correlation, TaskSpec spec, RejectReason reason, String message) {
        sink(client).rejected(correlation, reason, message);
        spec.payload().release();
    }

    @Override
    public void progress(Task task, double fraction, String note) {
        sink(task.client()).progress(task, fraction, note);
    }

    @Override
    public void complete(Task task, Outcome outcome) {
        chronicle.ended(task, outcome, loop.nowNanos());
        sink(task.client()).completed(task, outcome);
        // Whoever needs them longer has said so.
        outcome.payload().release();
        task.spec().payload().release();
    }

    private static ClientSink sink(Client client) {
        return (ClientSink) client.attachment();
    }

    @Override
    public void departed(Autopsy autopsy) {
        WorkerHandle handle = handle(autopsy.worker());
        handles.set(autopsy.worker().slot(), null);
        server.forget(handle.token());
        if (spool != null) {
            spool.sweep(autopsy.worker());
        }
        chronicle.departed(autopsy);
    }

    @Override
    public void degraded(String why) {
        chronicle.degraded(why);
    }

    @Override
    public void recovered() {
        chronicle.recovered();
    }

    @Override
    public void stuck(String why) {
        chronicle.stuck(why);
    }

    @Override
    public void unstuck() {
        chronicle.unstuck();
    }

    @Override
    public void resized(int from, int to, String why) {
        chronicle.resized(from, to, why);
    }

    @Override
    public void paused(boolean paused) {
        chronicle.paused(paused);
    }

    @Override
    public void quarantined(String task, String why, boolean byHand) {
        chronicle.quarantined(task, why, byHand);
    }

    @Override
    public void released(String task, String why) {
        chronicle.released(task, why);
    }

    @Override
    public void rolled(int release, @Nullable String failure) {
        releases.rolled(release, failure == null);
        chronicle.rolled(release, failure);
    }

    @Override
    public void failed(String why) {
        chronicle.failed(why);
    }

    @Override
    public void drained() {
        chronicle.drained(reception.conductor().counters().totals());
    }
}
