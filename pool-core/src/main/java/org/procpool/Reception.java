package org.procpool;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.procpool.conductor.Conductor;
import org.procpool.link.Observation;
import org.procpool.link.Recovery;
import org.procpool.link.WorkerServer;
import org.procpool.process.ProcessLook;
import org.procpool.process.RunDirectory;
import org.procpool.process.WorkerArchive;
import org.procpool.proto.Payload;
import org.procpool.proto.SpoolFile;
import org.procpool.proto.SpooledResultFrame;
import org.procpool.spool.Spool;
import org.procpool.task.WorkerEnd;
import org.procpool.task.WorkerId;
import org.procpool.task.WorkerResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the conductor what the workers' processes and sockets say. Used on the loop only. */
final class Reception {

    private static final Logger LOG = LoggerFactory.getLogger(Reception.class);
    /** Pools that live shorter than this make no archive for others. */
    private static final long ARCHIVE_DELAY_MILLIS = 2_000;

    private final PoolOptions options;
    private final PoolLoop loop;
    private final WorkerServer server;
    private final Chronicle chronicle;
    private final WorkerArchive archive;
    private final RunDirectory directory;
    /** Null if all payloads pass through this process. */
    private final @Nullable Spool spool;

    private @Nullable Conductor conductor;
    private int boots;

    Reception(Foundation foundation, PoolLoop loop, WorkerServer server, Chronicle chronicle) {
        this.options = foundation.options();
        this.loop = loop;
        this.server = server;
        this.chronicle = chronicle;
        this.archive = foundation.archive();
        this.directory = foundation.directory();
        this.spool = foundation.spool();
    }

    /** Who is told; to be called once, before anything else. */
    void serve(Conductor value) {
        conductor = value;
    }

    Conductor conductor() {
        if (conductor == null) {
            throw new IllegalStateException("nobody decides for these workers yet");
        }
        return conductor;
    }

    void launched(WorkerHandle worker) {
        chronicle.launched(worker.id, worker.pid);
        server.launched(worker.token(), worker.pid);
        conductor().onLaunched(worker.id.slot(), worker.id.generation(), worker.pid);
    }

    void launchFailed(WorkerHandle worker, String why) {
        conductor().onLaunchFailed(worker.id.slot(), worker.id.generation(), why, loop.nowNanos());
    }

    void ready(WorkerHandle worker, List<String> taskNames, boolean recorder, long dispatched, long bootMillis) {
        chronicle.ready(worker.id, worker.pid, bootMillis);
        conductor()
                .onWorkerReady(
                        worker.id.slot(), worker.id.generation(), taskNames, recorder, dispatched, loop.nowNanos());
        boots++;
        if (boots == options.workers()) {
            loop.later(ARCHIVE_DELAY_MILLIS, TimeUnit.MILLISECONDS, () -> archive.train(directory.archiveDirectory()));
        }
    }

    void bootFailed(WorkerHandle worker, String why) {
        conductor().onBootFailed(worker.id.slot(), worker.id.generation(), why, loop.nowNanos());
    }

    void result(WorkerHandle worker, long dispatch, WorkerResult result) {
        if (!conductor().onResult(worker.id.slot(), worker.id.generation(), dispatch, result, loop.nowNanos())) {
            result.payload().release();
        }
    }

    /**
     * Its result lies in a file.
     *
     * @param file of the task's payload, if the result may be there; else null
     */
    void spooledResult(WorkerHandle worker, SpooledResultFrame frame, @Nullable SpoolFile file) {
        Payload payload;
        try {
            if (spool == null) {
                throw new IOException("it was not told where to");
            }
            payload = frame.inPlace() ? Spool.result(file, frame.size()) : spool.result(worker.id, frame);
        } catch (IOException e) {
            corrupt(worker, "it said that it left a result in a file, but: " + e);
            return;
        }
        result(worker, frame.dispatch(), new WorkerResult(payload, frame.runNanos(), frame.retire(), null));
    }

    /** It has no flight recorder and says itself what it has begun. */
    void started(WorkerHandle worker, long dispatch) {
        observed(worker.id, new Observation(dispatch, dispatch, loop.nowNanos()));
    }

    void progress(WorkerHandle worker, long dispatch, double fraction, String note) {
        conductor().onProgress(worker.id.slot(), worker.id.generation(), dispatch, fraction, note);
    }

    void corrupt(WorkerHandle worker, String why) {
        LOG.warn("worker={} pid={} broke the protocol and is killed: {}", worker.id, worker.pid, why);
        conductor().onCorrupt(worker.id.slot(), worker.id.generation(), loop.nowNanos());
    }

    void linkLost(WorkerHandle worker) {
        chronicle.disconnected(worker.id, worker.pid);
        conductor().onLinkLost(worker.id.slot(), worker.id.generation(), loop.nowNanos());
    }

    void pong(WorkerHandle worker) {
        conductor().onPong(worker.id.slot(), worker.id.generation());
    }

    void examined(WorkerHandle worker, ProcessLook look) {
        conductor()
                .onExamined(worker.id.slot(), worker.id.generation(), look.stopped(), look.cpuNanos(), loop.nowNanos());
        conductor().onWeighed(worker.id.slot(), worker.id.generation(), look.residentBytes(), loop.nowNanos());
    }

    void stalled(WorkerHandle worker) {
        LOG.warn("worker={} pid={} took nothing of what was sent to it for write-timeout", worker.id, worker.pid);
        conductor().onStalled(worker.id.slot(), worker.id.generation(), loop.nowNanos());
    }

    void exited(WorkerHandle worker, WorkerEnd end, Recovery recovery) {
        if (!worker.wasReady()) {
            archive.bootFailed(end.exit());
        }
        // Before that it had nothing but probes, of which the conductor does not know.
        Recovery told = worker.wasReady() ? recovery : Recovery.NONE;
        Observation last = told.last();
        if (last != null) {
            observed(worker.id, last);
        }
        conductor()
                .onWorkerGone(
                        worker.id.slot(), worker.id.generation(), end, told.results(), told.wrapped(), loop.nowNanos());
    }

    /** Somebody has looked at its page. */
    void observed(WorkerId worker, Observation seen) {
        conductor()
                .onObserved(
                        worker.slot(),
                        worker.generation(),
                        seen.passed(),
                        seen.running(),
                        seen.startNanos(),
                        loop.nowNanos());
    }

    /** All that it had answered when it was aimed at is told. */
    void aimed(WorkerId worker, long dispatch) {
        conductor().onAimed(worker.slot(), worker.generation(), dispatch, loop.nowNanos());
    }
}
