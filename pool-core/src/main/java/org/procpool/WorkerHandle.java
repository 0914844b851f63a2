package org.procpool;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.procpool.link.LinkEvents;
import org.procpool.link.Recovery;
import org.procpool.link.WorkerLink;
import org.procpool.process.ProcessEvents;
import org.procpool.process.ProcessLook;
import org.procpool.process.WorkerProcess;
import org.procpool.proto.SpoolFile;
import org.procpool.proto.SpooledResultFrame;
import org.procpool.recorder.CorruptRecorderException;
import org.procpool.recorder.SupervisorPage;
import org.procpool.task.WorkerEnd;
import org.procpool.task.WorkerId;
import org.procpool.task.WorkerResult;

/**
 * One worker process with its sockets: turns what the two rooms tell into the conductor's inputs. A death that shows as
 * exit, as end of either socket, or as all of them in any order, becomes one. Owned by the loop; process events come in
 * on other threads and are handed to it.
 */
final class WorkerHandle implements LinkEvents, ProcessEvents {

    /** After the exit the socket ends at once, unless a grandchild holds it open. */
    private static final long LAST_WORDS_MILLIS = 500;
    /** How long a worker that may be killed is given to tell what its threads are doing. */
    private static final long DUMP_MILLIS = 300;
    /** The same for one that is only asked. */
    private static final long ASKED_MILLIS = 2_000;

    final WorkerId id;
    private final PoolLoop loop;
    private final Reception reception;
    private final String token;
    private @Nullable WorkerLink link;
    private @Nullable WorkerProcess process;
    long pid;
    private long launchedNanos;

    private @Nullable WorkerEnd end;

    /** Its threads, as it told last; empty until it has answered the last question. */
    private String lastDump = "";

    /** Those who want to know them and live on. */
    private final List<CompletableFuture<String>> askers = new ArrayList<>();

    /** What is done when it has answered; null if nothing waits for that. */
    private @Nullable Runnable afterDump;

    /** Its threads shortly before it was killed, by its own account. */
    private String threadDump = "";

    private boolean gone;
    private boolean wasReady;

    WorkerHandle(WorkerId id, PoolLoop loop, Reception reception, String token) {
        this.id = id;
        this.loop = loop;
        this.reception = reception;
        this.token = token;
    }

    void start(WorkerLink newLink, WorkerProcess newProcess) {
        link = newLink;
        process = newProcess;
        launchedNanos = loop.nowNanos();
    }

    String token() {
        return token;
    }

    boolean wasReady() {
        return wasReady;
    }

    WorkerLink link() {
        if (link == null) {
            throw new IllegalStateException("worker " + id + " has not been started");
        }
        return link;
    }

    void kill() {
        if (process != null) {
            process.kill();
        }
    }

    /** As {@link #kill}, for one that has hung up: nothing is gained by hurry. */
    void killSoon() {
        if (process != null) {
            process.killSoon();
        }
    }

    /** Asks the worker what its threads are doing, and goes on when it has told, or has had its time for that. */
    void dumpFirst(Runnable next) {
        lastDump = "";
        afterDump = next;
        link().dump();
        loop.later(DUMP_MILLIS, TimeUnit.MILLISECONDS, () -> {
            if (afterDump == next) {
                afterDump = null;
                next.run();
            }
        });
    }

    /** What its threads are doing, for somebody who asks; empty if it does not tell in time. */
    CompletableFuture<String> threads() {
        CompletableFuture<String> answer = new CompletableFuture<>();
        askers.add(answer);
        link().dump();
        loop.later(ASKED_MILLIS, TimeUnit.MILLISECONDS, () -> {
            askers.removeIf(asker -> asker == answer);
            answer.complete("");
        });
        return answer;
    }

    /** Ends the process that {@link #dumpFirst} was for; if it did not answer, its JVM is asked by a signal. */
    void killAimedAt() {
        threadDump = lastDump;
        if (threadDump.isEmpty()) {
            killAfterSignal();
        } else {
            kill();
        }
    }

    /** Ends a process of which no answer is to be expected; its JVM may still write down its threads. */
    void killAfterSignal() {
        if (process != null) {
            process.killAfterDump();
        }
    }

    void examine() {
        if (process != null) {
            process.examine();
        }
    }

    // ---- from the process room, on its threads

    @Override
    public void launched(long newPid, @Nullable SupervisorPage page) {
        loop.post(() -> {
            pid = newPid;
            if (page != null) {
                link().recorder(page);
            }
            reception.launched(this);
        });
    }

    @Override
    public void launchFailed(String why) {
        loop.post(() -> {
            gone = true;
            reception.launchFailed(this, why);
        });
    }

    @Override
    public void examined(ProcessLook look) {
        loop.post(() -> reception.examined(this, look));
    }

    @Override
    public void exited(WorkerEnd how) {
        loop.post(() -> {
            end = threadDump.isEmpty() ? how : how.withThreadDump(threadDump);
            if (link().mayStillSpeak()) {
                loop.later(LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS, () -> link().close());
            }
            endIfSilent();
        });
    }

    private void endIfSilent() {
        WorkerEnd known = end;
        if (known == null || gone || link().mayStillSpeak()) {
            return;
        }
        Recovery recovery;
        try {
            recovery = link().finish();
        } catch (CorruptRecorderException e) {
            reception.corrupt(this, String.valueOf(e.getMessage()));
            recovery = Recovery.NONE;
        }
        gone = true;
        reception.exited(this, known, recovery);
    }

    // ---- from the link, on the loop

    @Override
    public void connected(long from) {
        // What is not known yet was launched by us a moment ago, and is what has connected.
        if (process != null && pid != 0 && from != pid) {
            process.runsIn(from);
        }
    }

    @Override
    public void ready(List<String> taskNames, boolean recorder, long dispatched) {
        wasReady = true;
        reception.ready(this, taskNames, recorder, dispatched, (loop.nowNanos() - launchedNanos) / 1_000_000);
    }

    @Override
    public void bootFailed(String why) {
        reception.bootFailed(this, why);
    }

    @Override
    public void result(long dispatch, WorkerResult result) {
        reception.result(this, dispatch, result);
    }

    @Override
    public void spooledResult(SpooledResultFrame result, @Nullable SpoolFile payload) {
        reception.spooledResult(this, result, payload);
    }

    @Override
    public void started(long dispatch) {
        reception.started(this, dispatch);
    }

    @Override
    public void progress(long dispatch, double fraction, String note) {
        reception.progress(this, dispatch, fraction, note);
    }

    @Override
    public void pong() {
        reception.pong(this);
    }

    @Override
    public void threadDump(String text) {
        lastDump = text;
        askers.forEach(answer -> answer.complete(text));
        askers.clear();
        Runnable next = afterDump;
        if (next != null) {
            afterDump = null;
            // As a turn of its own, since it reads what the data socket has not brought yet.
            loop.post(next);
        }
    }

    @Override
    public void stalled() {
        loop.post(() -> reception.stalled(this));
    }

    @Override
    public void corrupt(String why) {
        reception.corrupt(this, why);
    }

    @Override
    public void lost() {
        reception.linkLost(this);
    }

    @Override
    public void drained() {
        endIfSilent();
    }

    @Override
    public void broken(Throwable cause) {
        loop.broken(cause);
    }

    @Override
    public void turnComplete() {
        loop.endTurn();
    }
}
