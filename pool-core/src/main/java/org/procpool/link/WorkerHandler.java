package org.procpool.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.BootFailedFrame;
import org.procpool.proto.EmptyFrame;
import org.procpool.proto.HelloFrame;
import org.procpool.proto.HelloFrame.Role;
import org.procpool.proto.PongFrame;
import org.procpool.proto.SpooledResultFrame;
import org.procpool.proto.StartedFrame;
import org.procpool.proto.TaskError;
import org.procpool.proto.ThreadDumpFrame;
import org.procpool.proto.Wire;
import org.procpool.proto.WireException;
import org.procpool.proto.WorkerProgressFrame;
import org.procpool.proto.WorkerResultFrame;
import org.procpool.recorder.CorruptRecorderException;
import org.procpool.task.WorkerResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection from a worker: its Hello, then what it says. Used on the loop only. */
final class WorkerHandler extends FrameHandler {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerHandler.class);
    /** A Hello is small; before it nothing larger is taken from anybody. */
    private static final int HELLO_BYTES_MAX = 256 * 1024;

    private final WorkerServer server;
    private final Channel channel;
    private final long helloTimeoutNanos;
    private @Nullable WorkerLink link;
    private Role role = Role.DATA;
    private boolean ready;
    private @Nullable ChannelHandlerContext context;

    // From Ready on, if the worker has a flight recorder.
    private @Nullable Recorder recorder;
    /** Where the last frame ended, in bytes since Ready. */
    private long frameEnd;

    private int results;
    private int wrapped;
    private @Nullable ScheduledFuture<?> helloTimeout;

    WorkerHandler(WorkerServer server, Channel channel, Turn turn, long helloTimeoutNanos) {
        super(turn);
        this.server = server;
        this.channel = channel;
        this.helloTimeoutNanos = helloTimeoutNanos;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        helloTimeout = context.executor().schedule(() -> channel.close(), helloTimeoutNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    protected int frameBytesMax() {
        return link == null ? HELLO_BYTES_MAX : link.frameBytesMax();
    }

    @Override
    protected int kindMax() {
        return Wire.WORKER_KIND_MAX;
    }

    @Override
    protected void frame(ArrayInput in, int kind) {
        WorkerLink known = link;
        if (known == null) {
            hello(in, kind);
            return;
        }
        tell(known, in, kind);
        if (recorder != null) {
            frameEnd = recorder.takenBytes() - bytesBehind();
        }
    }

    private void tell(WorkerLink known, ArrayInput in, int kind) {
        switch (kind) {
            case WorkerResultFrame.KIND -> {
                result(known, WorkerResultFrame.read(in));
                if (recorder != null) {
                    count(recorder);
                }
            }
            case SpooledResultFrame.KIND -> {
                known.spooledResult(SpooledResultFrame.read(in));
                if (recorder != null) {
                    count(recorder);
                }
            }
            case WorkerProgressFrame.KIND -> {
                WorkerProgressFrame progress = WorkerProgressFrame.read(in);
                known.events().progress(progress.dispatch(), progress.fraction(), progress.note());
            }
            case StartedFrame.KIND -> {
                long dispatch = StartedFrame.read(in).dispatch();
                if (!ready || recorder != null) {
                    throw outOfTurn(kind);
                }
                known.events().started(dispatch);
            }
            case PongFrame.KIND -> {
                LOG.trace("pong {}", PongFrame.read(in).nonce());
                known.events().pong();
            }
            case ThreadDumpFrame.KIND ->
                known.events().threadDump(ThreadDumpFrame.read(in).text());
            case BootFailedFrame.KIND ->
                known.events().bootFailed(BootFailedFrame.read(in).reason());
            default -> {
                if (kind != EmptyFrame.READY.kind() || ready || role != Role.DATA || !known.complete()) {
                    throw outOfTurn(kind);
                }
                ready = true;
                recorder = known.recorder();
                if (recorder != null) {
                    recorder.received(bytesBehind());
                }
                known.ready();
            }
        }
    }

    private static WireException outOfTurn(int kind) {
        return new WireException(
                WireException.Reason.MALFORMED, "a worker sent a message of kind " + kind + " out of turn");
    }

    /** Counts a result by where it lay in the ring. */
    private void count(Recorder ring) {
        results++;
        if (ring.wraps(frameEnd, ring.takenBytes() - bytesBehind())) {
            wrapped++;
        }
    }

    private void hello(ArrayInput in, int kind) {
        if (helloTimeout != null) {
            helloTimeout.cancel(false);
        }
        if (kind != HelloFrame.KIND) {
            throw new WireException(WireException.Reason.MALFORMED, "the first message is not Hello");
        }
        HelloFrame hello = HelloFrame.read(in);
        if (hello.protocolVersion() != Wire.PROTOCOL_VERSION) {
            throw new WireException(
                    WireException.Reason.MALFORMED,
                    "the worker speaks protocol version " + hello.protocolVersion() + ", the supervisor "
                            + Wire.PROTOCOL_VERSION);
        }
        role = hello.role();
        link = server.admit(channel, this, hello);
        if (link == null) {
            stopReading();
            channel.close();
        }
    }

    private static void result(WorkerLink link, WorkerResultFrame frame) {
        TaskError error = frame.failed()
                ? new TaskError(frame.errorType(), frame.errorMessage(), frame.errorStack(), frame.outputTail())
                : null;
        link.result(
                frame.dispatch(),
                new WorkerResult(frame.payload(), frame.runNanos(), frame.retire(), error),
                frame.payloadFree());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf received = (ByteBuf) message;
        Recorder ring = recorder;
        if (ring != null && !stoppedReading()) {
            try {
                received.skipBytes(ring.received(received.readableBytes()));
            } catch (CorruptRecorderException e) {
                received.release();
                corrupt(e);
                return;
            }
        }
        take(context, received);
    }

    private void corrupt(CorruptRecorderException e) {
        stopReading();
        if (link != null) {
            link.events().corrupt(String.valueOf(e.getMessage()));
        }
    }

    /** Whether all that the worker says is in its ring, too: from Ready on, if it has one. */
    boolean usesRing() {
        return recorder != null;
    }

    /** Takes from the ring what the socket has not brought yet; the worker may be alive. */
    void readRing() {
        Recorder ring = recorder;
        if (ring == null || stoppedReading()) {
            return;
        }
        try {
            take(ring.takeOver());
        } catch (CorruptRecorderException e) {
            corrupt(e);
        }
    }

    /**
     * The worker has been reaped: takes from the ring all that it had answered.
     *
     * @throws CorruptRecorderException if the worker cannot be believed
     */
    Recovery readRemains() {
        Recorder ring = recorder;
        if (ring == null || stoppedReading()) {
            return Recovery.NONE;
        }
        Recorder.Remains remains = ring.remains();
        results = 0;
        wrapped = 0;
        take(remains.answers());
        stopReading();
        return new Recovery(results, wrapped, remains.last());
    }

    /** Nothing more is taken from anywhere. */
    void end() {
        stopReading();
        dropRest();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext removed) {
        // The ring has the other half of a frame that the socket did not bring to its end; it is read after this.
        if (recorder == null || stoppedReading()) {
            dropRest();
        }
    }

    private void take(ByteBuffer bytes) {
        ChannelHandlerContext mine = context;
        if (mine != null && bytes.hasRemaining()) {
            take(mine, Unpooled.wrappedBuffer(bytes));
        }
    }

    @Override
    protected void malformed(WireException e) {
        if (link == null) {
            LOG.warn("a connection to the worker socket was closed: {}", e.getMessage());
            channel.close();
        } else {
            link.events().corrupt(e.getMessage());
        }
    }

    @Override
    protected void readComplete() {
        if (link != null) {
            link.events().turnComplete();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (helloTimeout != null) {
            helloTimeout.cancel(false);
        }
        if (link != null) {
            link.closed(role);
            link.events().turnComplete();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        channel.close();
        if (link != null && !(cause instanceof IOException)) {
            link.events().broken(cause);
        }
    }
}
