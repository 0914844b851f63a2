package org.procpool.server.gateway;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.procpool.ClientSink;
import org.procpool.PoolPort;
import org.procpool.conductor.Client;
import org.procpool.conductor.Task;
import org.procpool.link.ArrayInput;
import org.procpool.link.FrameHandler;
import org.procpool.link.FrameSender;
import org.procpool.proto.ClientCancelFrame;
import org.procpool.proto.ClientHelloFrame;
import org.procpool.proto.ClientPingFrame;
import org.procpool.proto.ErrorFrame;
import org.procpool.proto.Frame;
import org.procpool.proto.GoAwayFrame;
import org.procpool.proto.Payload;
import org.procpool.proto.ProgressFrame;
import org.procpool.proto.QueryFrame;
import org.procpool.proto.ServerPongFrame;
import org.procpool.proto.ServerWelcomeFrame;
import org.procpool.proto.SubmitFrame;
import org.procpool.proto.Wire;
import org.procpool.proto.WireException;
import org.procpool.server.security.Grant;
import org.procpool.server.security.Scope;
import org.procpool.task.Outcome;
import org.procpool.task.RejectReason;
import org.procpool.task.TaskSpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client's connection: its handshake, its tasks, and what it has not taken yet. Used on the loop only. */
final class ClientConnection extends FrameHandler implements ClientSink {

    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);
    /** Before Hello nobody gets more memory than this. */
    private static final int HELLO_BYTES_MAX = 4 * 1024;

    private static final int PROTOCOL_VERSION_MIN = 1;
    private static final String SERVER_NAME = "procpool";

    private final Channel channel;
    private final GatewayOptions options;
    private final PoolPort pool;
    private final Gateway gateway;
    private final FrameSender sender;
    private final LargeSubmits large;
    private final Acceptances acceptances;
    /** Null until Hello. */
    private @Nullable Client client;

    /** What its token is good for; null until Hello. */
    private @Nullable Grant grant;

    private @Nullable ScheduledFuture<?> handshakeTimeout;
    private @Nullable ScheduledFuture<?> stallTimeout;
    private @Nullable ScheduledFuture<?> slowTimeout;
    private long receivedBytes;

    private int unfinishedTasks;
    private int waitingQueries;
    private long unfinishedBytes;
    private boolean paused;
    private boolean closing;

    ClientConnection(Channel channel, GatewayOptions options, PoolPort pool, Gateway gateway) {
        super(pool.turn());
        this.channel = channel;
        this.options = options;
        this.pool = pool;
        this.gateway = gateway;
        this.sender = new FrameSender(channel, pool.turn());
        this.acceptances = new Acceptances(pool, sender);
        this.large = new LargeSubmits(this, pool.eventLoop(), pool.spool());
    }

    // ---- what comes in

    @Override
    public void channelActive(ChannelHandlerContext context) {
        // With TLS other bytes are read than come out.
        if (channel.pipeline().get(SslHandler.class) == null) {
            readInPlace(channel, Gateway.RECEIVE_BYTES, Gateway.READS_PER_TURN_MAX);
        }
        handshakeTimeout = context.executor()
                .schedule(
                        () -> end("HANDSHAKE_TIMEOUT", "no Hello came in time; the first frame must be Hello"),
                        options.handshakeTimeoutNanos(),
                        TimeUnit.NANOSECONDS);
    }

    @Override
    protected int frameBytesMax() {
        return client == null ? HELLO_BYTES_MAX : options.payloadBytesMax() + Wire.ENVELOPE_BYTES_MAX;
    }

    @Override
    protected int kindMax() {
        return ClientPingFrame.KIND;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        receivedBytes++;
        super.channelRead(context, message);
    }

    @Override
    protected void frame(ArrayInput in, int kind) {
        Client known = client;
        if (known == null) {
            hello(in, kind);
            return;
        }
        switch (kind) {
            case SubmitFrame.KIND -> {
                SubmitFrame submit = SubmitFrame.read(in, gateway.names());
                submit(known, submit, submit.payload());
            }
            case ClientCancelFrame.KIND -> cancel(ClientCancelFrame.read(in));
            case QueryFrame.KIND -> query(QueryFrame.read(in));
            case ClientPingFrame.KIND ->
                send(new ServerPongFrame(ClientPingFrame.read(in).nonce()));
            default -> throw new WireException(WireException.Reason.MALFORMED, "Hello came twice");
        }
    }

    private void hello(ArrayInput in, int kind) {
        if (kind != ClientHelloFrame.KIND) {
            throw new WireException(WireException.Reason.MALFORMED, "the first frame must be Hello");
        }
        ClientHelloFrame hello = ClientHelloFrame.read(in);
        if (hello.magic() != Wire.CLIENT_MAGIC) {
            end("BAD_MAGIC", "this is a procpool service; the Hello does not begin with its magic number");
            return;
        }
        if (hello.protocolVersion() < PROTOCOL_VERSION_MIN) {
            end(
                    "VERSION",
                    "the client speaks protocol version " + hello.protocolVersion() + ", the service "
                            + PROTOCOL_VERSION_MIN + " to " + Wire.PROTOCOL_VERSION + "; update the client");
            return;
        }
        if (!admit(hello.token())) {
            return;
        }
        cancelTimer(handshakeTimeout);
        client = pool.open(hello.onDisconnect(), this, null);
        send(new ServerWelcomeFrame(
                Wire.PROTOCOL_VERSION,
                SERVER_NAME,
                options.windowTasks(),
                options.windowBytes(),
                options.payloadBytesMax(),
                pool.taskNames()));
        if (gateway.leaving()) {
            goAway("the service is draining");
        }
    }

    private boolean admit(String token) {
        Grant found = gateway.gatekeeper().grant(token);
        if (found == null) {
            end(
                    "UNAUTHENTICATED",
                    token.isEmpty()
                            ? "this service asks for a token and the Hello has none"
                            : "the token is not one of this service's");
            return false;
        }
        if (!found.allows(Scope.SUBMIT)) {
            end("FORBIDDEN", "the token '" + found.name() + "' is not for submitting tasks");
            return false;
        }
        grant = found;
        return true;
    }

    /** The tokens have changed. */
    void recheck() {
        if (grant != null && !gateway.gatekeeper().holds(grant)) {
            end("UNAUTHENTICATED", "the token '" + grant.name() + "' was withdrawn");
        }
    }

    @Override
    protected @Nullable LargeFrame large(ArrayInput in, int length) {
        return client == null ? null : large.begin(in, length, gateway.names());
    }

    /** As a frame of its own, whose payload has come by itself. */
    void submit(SubmitFrame head, Payload payload) {
        if (client == null || closing) {
            payload.release();
        } else {
            submit(client, head, payload);
            pool.endTurn();
        }
    }

    private void submit(Client known, SubmitFrame frame, Payload payload) {
        TaskSpec spec;
        try {
            spec = TaskSpecs.of(frame, payload);
        } catch (IllegalArgumentException e) {
            payload.release();
            rejected(frame.correlation(), RejectReason.INVALID, String.valueOf(e.getMessage()));
            return;
        }
        pool.submit(known, frame.correlation(), spec);
    }

    private void cancel(ClientCancelFrame frame) {
        pool.cancel(frame.taskId());
        status(frame.correlation(), frame.taskId());
    }

    private void query(QueryFrame frame) {
        Outcome outcome = gateway.keptOutcome(frame.taskId());
        if (outcome != null) {
            result(frame.correlation(), outcome);
        } else if (frame.waitMillis() == 0 || pool.task(frame.taskId()) == null) {
            status(frame.correlation(), frame.taskId());
        } else {
            waitingQueries++;
            new WaitingQuery(this, frame, gateway).begin(channel.eventLoop());
        }
    }

    void status(long correlation, long taskId) {
        send(TaskStatuses.of(correlation, taskId, pool.task(taskId), gateway.keptOutcome(taskId) != null));
    }

    @Override
    protected void malformed(WireException e) {
        end(e.reason().name(), e.getMessage());
    }

    @Override
    protected void readComplete() {
        if (frameIncomplete() && stallTimeout == null) {
            watchStall(receivedBytes);
        }
        pool.endTurn();
        throttle();
    }

    /** A frame that has begun must go on. */
    private void watchStall(long receivedBefore) {
        stallTimeout = channel.eventLoop()
                .schedule(
                        () -> {
                            stallTimeout = null;
                            if (!frameIncomplete() || !channel.config().isAutoRead()) {
                                return;
                            }
                            if (receivedBytes == receivedBefore) {
                                end("FRAME_TIMEOUT", "a frame began and did not go on in time");
                            } else {
                                watchStall(receivedBytes);
                            }
                        },
                        options.handshakeTimeoutNanos(),
                        TimeUnit.NANOSECONDS);
    }

    // ---- limits

    void queryAnswered() {
        waitingQueries--;
        throttleOff();
    }

    /** Reads on only while the client is within its window and takes its results. */
    void throttle() {
        // A client that uses its window to the full can still be heard: it may want to cancel.
        boolean read = unfinishedTasks + waitingQueries <= options.windowTasks()
                && unfinishedBytes <= options.windowBytes()
                && channel.isWritable()
                && !large.waiting();
        if (read != channel.config().isAutoRead() && channel.isActive()) {
            channel.config().setAutoRead(read);
        }
    }

    /** Something that counts against the window has ended. */
    private void throttleOff() {
        if (!channel.config().isAutoRead()) {
            throttle();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event instanceof IdleStateEvent && unfinishedTasks == 0 && waitingQueries == 0) {
            end("IDLE_TIMEOUT", "nothing came for idle-timeout, and nothing was unfinished");
        }
        super.userEventTriggered(context, event);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        // It may be told in the middle of a turn, where the pool must not be called.
        context.executor().execute(this::pauseOrResume);
    }

    private void pauseOrResume() {
        Client known = client;
        if (known == null || closing) {
            return;
        }
        boolean pause = !channel.isWritable();
        if (pause != paused) {
            paused = pause;
            pool.pause(known, pause);
            if (pause) {
                watchSlow(sender.takenBytes());
            } else {
                cancelTimer(slowTimeout);
            }
        }
        // Also if it takes bytes again before this was told that it did not: meanwhile reading may have been stopped.
        throttle();
        pool.endTurn();
    }

    /** One large result may take longer than that, as long as it moves. */
    private void watchSlow(long takenBefore) {
        slowTimeout = channel.eventLoop()
                .schedule(
                        () -> {
                            if (sender.takenBytes() == takenBefore) {
                                end("SLOW_CLIENT", "results were not taken in time");
                            } else {
                                watchSlow(sender.takenBytes());
                            }
                        },
                        options.slowClientTimeoutNanos(),
                        TimeUnit.NANOSECONDS);
    }

    // ---- what goes out

    @Override
    public void accepted(Task task) {
        if (!task.spec().detached()) {
            unfinishedTasks++;
            unfinishedBytes += task.spec().payload().size();
        }
        acceptances.add(task);
    }

    void send(Frame frame) {
        acceptances.tell();
        sender.send(frame);
    }

    @Override
    public void rejected(long correlation, RejectReason reason, String message) {
        result(correlation, Outcome.rejected(reason, message));
    }

    @Override
    public void progress(Task task, double fraction, String note) {
        if (!task.spec().detached() && channel.isWritable()) {
            send(new ProgressFrame(task.correlation(), task.id(), fraction, note));
        }
    }

    @Override
    public void completed(Task task, Outcome outcome) {
        boolean detached = task.spec().detached();
        if (!detached) {
            unfinishedTasks--;
            unfinishedBytes -= task.spec().payload().size();
            pool.turn().answered(outcome.queuedNanos() + outcome.runNanos());
            result(task.correlation(), outcome);
            throttleOff();
        }
        gateway.ended(outcome, detached);
    }

    void result(long correlation, Outcome outcome) {
        acceptances.tell();
        if (sender.begin()) {
            ResultFrames.of(correlation, outcome, options.payloadBytesMax() + Wire.ENVELOPE_BYTES_MAX)
                    .write(sender);
        }
    }

    // ---- the end

    void goAway(String reason) {
        if (client != null) {
            send(new GoAwayFrame(reason));
        }
    }

    void refuse(ErrorFrame error) {
        channel.eventLoop().execute(() -> end(error.code(), error.message()));
    }

    /** Says why and closes. */
    private void end(String code, String message) {
        if (closing) {
            return;
        }
        LOG.info("client={} state=closed code={}: {}", channel.remoteAddress(), code, message);
        closing = true;
        stopReading();
        send(new ErrorFrame(code, message));
        pool.turn().flush();
        closeAfterLastBytes();
    }

    CompletableFuture<Void> closeAfterLastBytes() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        channel.closeFuture().addListener(future -> closed.complete(null));
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        channel.eventLoop().schedule(this::drop, options.handshakeTimeoutNanos(), TimeUnit.NANOSECONDS);
        return closed;
    }

    void drop() {
        if (channel.isOpen()) {
            channel.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closing = true;
        cancelTimer(handshakeTimeout);
        cancelTimer(stallTimeout);
        cancelTimer(slowTimeout);
        gateway.disconnected(this);
        if (client != null) {
            pool.gone(client);
        }
        pool.endTurn();
    }

    static void cancelTimer(@Nullable ScheduledFuture<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        drop();
        if (!(cause instanceof IOException)) {
            pool.broken(cause);
        }
    }
}
