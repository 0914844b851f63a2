package org.procpool.link;

import io.netty.channel.Channel;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.CancelFrame;
import org.procpool.proto.EmptyFrame;
import org.procpool.proto.HelloFrame;
import org.procpool.proto.HelloFrame.Role;
import org.procpool.proto.TaskFrame;
import org.procpool.proto.WelcomeFrame;
import org.procpool.proto.Wire;

/** The two sockets of one worker process. Used on the loop only. */
public final class WorkerLink {

    private final LinkEvents events;
    private final Turn turn;
    private final int payloadBytesMax;
    private @Nullable Channel data;
    private @Nullable Channel control;
    private @Nullable FrameSender dataSender;
    private @Nullable FrameSender controlSender;
    private List<String> taskNames = List.of();
    private boolean lost;

    WorkerLink(LinkEvents events, Turn turn, int payloadBytesMax) {
        this.events = events;
        this.turn = turn;
        this.payloadBytesMax = payloadBytesMax;
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

    /** False if it has that socket already, or has lost one. */
    boolean attach(Channel channel, HelloFrame hello) {
        boolean isData = hello.role() == Role.DATA;
        if (lost || (isData ? data : control) != null) {
            return false;
        }
        if (isData) {
            data = channel;
            dataSender = FrameSender.toWorker(channel, turn);
            taskNames = hello.taskNames();
        } else {
            control = channel;
            controlSender = FrameSender.toWorker(channel, turn);
        }
        if (complete() && dataSender != null) {
            dataSender.send(new WelcomeFrame(Wire.PROTOCOL_VERSION, payloadBytesMax));
        }
        return true;
    }

    /** Whether both sockets have said Hello. */
    boolean complete() {
        return data != null && control != null;
    }

    void closed(Role role) {
        if (!lost) {
            lost = true;
            events.lost();
        }
        if (role == Role.DATA) {
            data = null;
            dataSender = null;
            events.drained();
        } else {
            control = null;
            controlSender = null;
        }
    }

    /** Hands the worker a task. */
    public void offer(TaskFrame task) {
        if (dataSender != null) {
            dataSender.send(task);
        }
    }

    /** Interrupts that offer, if it is running. */
    public void cancel(long dispatch) {
        if (controlSender != null) {
            controlSender.send(new CancelFrame(dispatch));
        }
    }

    /** Tells the worker to leave after what it has. */
    public void drain() {
        if (dataSender != null) {
            dataSender.send(EmptyFrame.DRAIN);
        }
    }

    /** Whether the data socket still may have something to say. */
    public boolean mayStillSpeak() {
        return data != null;
    }

    /** Closes both sockets; what was not read is dropped. */
    public void close() {
        if (data != null) {
            data.close();
        }
        if (control != null) {
            control.close();
        }
    }
}
