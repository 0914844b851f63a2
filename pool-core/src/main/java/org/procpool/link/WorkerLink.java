package org.procpool.link;

import io.netty.channel.Channel;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.CancelFrame;
import org.procpool.proto.EmptyFrame;
import org.procpool.proto.Frame;
import org.procpool.proto.HelloFrame;
import org.procpool.proto.HelloFrame.Role;
import org.procpool.proto.Payload;
import org.procpool.proto.PingFrame;
import org.procpool.proto.SpoolFile;
import org.procpool.proto.SpooledResultFrame;
import org.procpool.proto.SpooledTaskFrame;
import org.procpool.proto.TaskFrame;
import org.procpool.proto.WelcomeFrame;
import org.procpool.proto.Wire;
import org.procpool.recorder.CorruptRecorderException;
import org.procpool.recorder.SupervisorPage;
import org.procpool.task.WorkerResult;

/** The two sockets of one worker process, and its flight recorder if it has one. Used on the loop only. */
public final class WorkerLink {

    private final LinkEvents events;
    private final Turn turn;
    private final int payloadBytesMax;
    private final long writeTimeoutNanos;
    private @Nullable Channel data;
    private @Nullable Channel control;
    private @Nullable WorkerHandler dataHandler;
    private @Nullable FrameSender dataSender;
    private @Nullable FrameSender controlSender;
    private @Nullable Recorder recorder;
    private List<String> taskNames = List.of();
    /** Sent bytes up to the end of Welcome. */
    private long welcomeEnd;

    /** Of a worker that has said Ready and has not shown yet that it is; else null. */
    private @Nullable SelfProbe probe;

    private final LentFiles lent = new LentFiles();
    private long pings;
    private boolean recorded;
    /** Whether it takes large payloads by files. */
    private boolean spools;
    /** Whether it answers probes. */
    private boolean probes;

    private boolean lost;
    private boolean closed;

    WorkerLink(LinkEvents events, Turn turn, int payloadBytesMax, long writeTimeoutNanos) {
        this.events = events;
        this.turn = turn;
        this.payloadBytesMax = payloadBytesMax;
        this.writeTimeoutNanos = writeTimeoutNanos;
    }

    LinkEvents events() {
        return events;
    }

    List<String> taskNames() {
        return taskNames;
    }

    int frameBytesMax() {
        return payloadBytesMax + Wire.ENVELOPE_BYTES_MAX;
    }

    /** The page that was made for the worker; owned by this link from now on. */
    public void recorder(SupervisorPage page) {
        recorder = new Recorder(page);
    }

    /** What the worker's answers are taken over from; null if it has no flight recorder. */
    @Nullable
    Recorder recorder() {
        return recorded ? recorder : null;
    }

    /** False if it has that socket already, has lost one, or speaks of a flight recorder that it does not have. */
    boolean attach(Channel channel, WorkerHandler handler, HelloFrame hello) {
        boolean isData = hello.role() == Role.DATA;
        if (lost || (isData ? data : control) != null || hello.recorder() && recorder == null) {
            return false;
        }
        FrameSender sender = FrameSender.toWorker(channel, turn);
        if (isData) {
            data = channel;
            dataHandler = handler;
            dataSender = sender;
            sender.watch(new WriteWatch(channel, sender, writeTimeoutNanos, events::stalled));
            taskNames = hello.taskNames();
            recorded = hello.recorder();
            spools = hello.spool();
            probes = hello.probe();
            if (recorder != null) {
                recorder.mapped();
            }
        } else {
            control = channel;
            controlSender = sender;
        }
        if (complete() && dataSender != null) {
            dataSender.send(new WelcomeFrame(Wire.PROTOCOL_VERSION, payloadBytesMax));
            welcomeEnd = dataSender.appendedBytes();
        }
        return true;
    }

    /** Whether both sockets have said Hello. */
    boolean complete() {
        return data != null && control != null;
    }

    /** It has said Ready. */
    void ready() {
        if (probes) {
            probe = new SelfProbe();
            probe(probe);
        } else {
            events.ready(taskNames, recorded, 0);
        }
    }

    private void probe(SelfProbe running) {
        TaskFrame next = running.next();
        if (next != null) {
            offer(next, false);
        } else {
            probe = null;
            events.ready(taskNames, recorded, SelfProbe.ROUNDS);
        }
    }

    /** It has answered, and left its result in a file. */
    void spooledResult(SpooledResultFrame result) {
        events.spooledResult(result, lent.end(result.dispatch(), result.payloadFree()));
    }

    /** @param payloadFree whether the file of its payload may get another one */
    void result(long dispatch, WorkerResult result, boolean payloadFree) {
        lent.end(dispatch, payloadFree);
        SelfProbe running = probe;
        if (running == null) {
            events.result(dispatch, result);
            return;
        }
        String fault = running.fault(dispatch, result);
        result.payload().release();
        if (fault != null) {
            events.bootFailed(fault);
        } else {
            probe(running);
        }
    }

    void closed(Role role) {
        lose();
        if (role == Role.DATA) {
            data = null;
            dataSender = null;
            events.drained();
        } else {
            control = null;
            controlSender = null;
        }
    }

    private void lose() {
        if (!lost) {
            lost = true;
            events.lost();
        }
    }

    /**
     * Hands the worker a task.
     *
     * @param once whether nobody needs its payload once the worker has begun it
     */
    public void offer(TaskFrame task, boolean once) {
        Recorder claims = recorder();
        FrameSender sender = dataSender;
        if (claims != null && !closed) {
            claims.offers(task.dispatch());
        }
        if (sender != null) {
            SpoolFile file = task.payload().file();
            if (file != null) {
                sender.send(spooled(task, file, once));
            } else if (sender.begin()) {
                task.write(sender);
            }
            if (claims != null && !closed) {
                claims.sent(sender.appendedBytes() - welcomeEnd);
            }
        }
    }

    private Frame spooled(TaskFrame task, SpoolFile file, boolean once) {
        if (spools) {
            boolean lends = once && file.room() > 0;
            if (lends) {
                lent.lend(task.dispatch(), file);
            }
            return SpooledTaskFrame.of(task, file, lends ? file.room() : 0);
        }
        return task.withPayload(Payload.of(task.payload().bytes()));
    }

    /**
     * Takes an offer back, if the worker has a flight recorder and has not begun it.
     *
     * @throws CorruptRecorderException if the worker cannot be believed
     */
    public boolean revoke(long dispatch) {
        Recorder claims = recorder();
        boolean revoked = claims != null && !closed && claims.revoke(dispatch);
        if (revoked) {
            lent.end(dispatch, false);
        }
        return revoked;
    }

    /**
     * How far the worker is; null if it has no flight recorder.
     *
     * @throws CorruptRecorderException if the worker cannot be believed
     */
    public @Nullable Observation observe() {
        Recorder claims = recorder();
        return claims == null || closed ? null : claims.observe();
    }

    /** Tells all that the worker has answered, wherever it is by now. */
    public void readAll() {
        if (dataHandler != null && !closed) {
            dataHandler.readRing();
        }
    }

    /**
     * Checks what a stray memory error may have been about.
     *
     * @throws CorruptRecorderException if the worker cannot be believed
     */
    public void verify() {
        Recorder claims = recorder();
        if (claims != null && !closed) {
            claims.verify();
        }
    }

    /** Interrupts that offer, if it is running. */
    public void cancel(long dispatch) {
        if (controlSender != null) {
            controlSender.send(new CancelFrame(dispatch));
        }
    }

    /** Asks for a sign of life. */
    public void ping() {
        if (controlSender != null) {
            controlSender.send(new PingFrame(++pings));
        }
    }

    /** Asks what its threads are doing. */
    public void dump() {
        if (controlSender != null) {
            controlSender.send(EmptyFrame.DUMP);
        }
    }

    /** Tells the worker to leave after what it has. */
    public void drain() {
        FrameSender sender = dataSender;
        if (sender != null) {
            sender.send(EmptyFrame.DRAIN);
        }
    }

    /** Whether the data socket still may have something to say that no flight recorder has. */
    public boolean mayStillSpeak() {
        return data != null && dataHandler != null && !dataHandler.usesRing();
    }

    /**
     * The process has been reaped: tells what it had answered and the socket has not brought, then closes everything.
     *
     * @throws CorruptRecorderException if the worker cannot be believed; everything is closed all the same
     */
    public Recovery finish() {
        lose();
        try {
            return recorded && dataHandler != null && !closed ? dataHandler.readRemains() : Recovery.NONE;
        } finally {
            close();
        }
    }

    /** Closes both sockets and gives the flight recorder's memory back; what was not read is dropped. */
    public void close() {
        closed = true;
        if (recorder != null) {
            recorder.close();
        }
        if (dataHandler != null) {
            dataHandler.end();
        }
        if (data != null) {
            data.close();
        }
        if (control != null) {
            control.close();
        }
    }
}
