package org.procpool.server.http;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a browser or tool: one request after the other, each whole within the time-out, else the connection
 * is closed. Used on the admin loop only.
 */
final class AdminConnection extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final Logger LOG = LoggerFactory.getLogger(AdminConnection.class);
    /** The pool answers within a turn of its loop; when it does not for so long, the client is told. */
    private static final long ANSWER_SECONDS_MAX = 5;

    private static final int AHEAD_MAX = 64;

    private final AdminApi api;
    private final long timeoutNanos;
    /** Requests that came before the one ahead of them was answered. */
    private final Queue<FullHttpRequest> ahead = new ArrayDeque<>();

    private boolean answering;
    /** Set once this connection is one that watches, until it is closed. */
    private @Nullable EventStream stream;

    /** What the present request waits for, if that is a task. */
    private @Nullable TaskCall call;

    private @Nullable ScheduledFuture<?> timeout;
    /** Something has come, or was taken, since the time-out began. */
    private boolean moved;

    private long unsentBytes;
    /**
     * The rest of a body may still come. It is passed over for a while: a socket that is closed with something unread
     * in it takes the answer with it.
     */
    private boolean lingers;

    AdminConnection(AdminApi api, long timeoutNanos) {
        this.api = api;
        this.timeoutNanos = timeoutNanos;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        watch(context);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        unwatch();
        if (stream != null) {
            api.leaves(stream);
        }
        if (call != null) {
            call.leave();
            api.tasks().ended(call);
        }
        ahead.forEach(AdminConnection::discard);
        ahead.clear();
    }

    private static void discard(FullHttpRequest request) {
        if (request instanceof SubmitRequest submit) {
            submit.payload().release();
        }
        request.release();
    }

    /** The next step must be done within the time-out; one that takes bytes must go on within it. */
    private void watch(ChannelHandlerContext context) {
        unwatch();
        moved = false;
        unsentBytes = unsentBytes(context);
        timeout = context.executor()
                .schedule(
                        () -> {
                            if (moved || unsentBytes(context) < unsentBytes) {
                                watch(context);
                            } else {
                                context.close();
                            }
                        },
                        timeoutNanos,
                        TimeUnit.NANOSECONDS);
    }

    private static long unsentBytes(ChannelHandlerContext context) {
        ChannelOutboundBuffer unsent = context.channel().unsafe().outboundBuffer();
        return unsent == null ? 0 : unsent.totalPendingWriteBytes();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == TaskBodies.MOVES) {
            moved |= !answering;
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    private void unwatch() {
        if (timeout != null) {
            timeout.cancel(false);
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (stream != null) {
            discard(request.retain());
            context.close();
        } else if (!answering) {
            begin(context, request);
        } else if (ahead.size() < AHEAD_MAX) {
            ahead.add(request.retain());
            context.channel().config().setAutoRead(false);
        } else {
            discard(request.retain());
            context.close();
        }
    }

    private void begin(ChannelHandlerContext context, FullHttpRequest request) {
        answering = true;
        // What comes meanwhile waits in the socket; only what came in the same packet waits here.
        context.channel().config().setAutoRead(false);
        watch(context);
        if (request.decoderResult().isFailure()) {
            send(context, undecodable(request.decoderResult().cause()), false);
            return;
        }
        if (AdminApi.isStream(request)) {
            stream(context, request);
            return;
        }
        if (TaskApi.concerns(request)) {
            call(context, request);
            return;
        }
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        EventLoop loop = context.channel().eventLoop();
        answer(context, request, loop)
                .orTimeout(ANSWER_SECONDS_MAX, TimeUnit.SECONDS)
                .whenComplete((reply, failure) -> {
                    if (!loop.isShuttingDown()) {
                        loop.execute(() -> send(context, failure == null ? reply : unanswered(failure), keepAlive));
                    }
                });
    }

    /** What a task comes to may take as long as the task does. */
    private void call(ChannelHandlerContext context, FullHttpRequest request) {
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        try {
            TaskCall begun =
                    api.tasks().call(request, bound(context), context.channel().eventLoop());
            call = begun;
            unwatch();
            // So that the client's end is seen.
            context.channel().config().setAutoRead(true);
            begun.reply().thenAccept(reply -> send(context, reply, keepAlive));
        } catch (HttpException e) {
            lingers = request instanceof SubmitRequest submit && submit.refusal() != null;
            send(context, e.reply(), keepAlive && !lingers);
        }
    }

    private void stream(ChannelHandlerContext context, FullHttpRequest request) {
        try {
            stream = api.stream(request, bound(context), context.channel());
            unwatch();
            // So that its end is seen.
            context.channel().config().setAutoRead(true);
        } catch (HttpException e) {
            send(context, e.reply(), HttpUtil.isKeepAlive(request));
        }
    }

    private static InetAddress bound(ChannelHandlerContext context) {
        return ((InetSocketAddress) context.channel().localAddress()).getAddress();
    }

    private void next(ChannelHandlerContext context) {
        answering = false;
        watch(context);
        FullHttpRequest request = ahead.poll();
        if (request == null) {
            context.channel().config().setAutoRead(true);
        } else {
            try {
                begin(context, request);
            } finally {
                request.release();
            }
        }
    }

    private CompletableFuture<Reply> answer(ChannelHandlerContext context, FullHttpRequest request, EventLoop loop) {
        try {
            return api.answer(request, bound(context), loop);
        } catch (HttpException e) {
            return CompletableFuture.completedFuture(e.reply());
        } catch (RuntimeException e) {
            LOG.error("admin request {} failed", request.method(), e);
            return CompletableFuture.completedFuture(
                    Reply.error(HttpResponseStatus.INTERNAL_SERVER_ERROR, "the service failed; its log says how"));
        }
    }

    private static Reply undecodable(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return Reply.error(HttpResponseStatus.REQUEST_URI_TOO_LONG, "the request line is too long");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return Reply.error(
                    HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "the headers of the request are too large");
        }
        return Reply.error(HttpResponseStatus.BAD_REQUEST, "this is not an HTTP request");
    }

    private static Reply unanswered(Throwable failure) {
        LOG.warn("the pool did not answer an admin request: {}", failure.toString());
        return Reply.error(
                HttpResponseStatus.SERVICE_UNAVAILABLE, "the pool does not answer; is it stopping? Try again later");
    }

    private void send(ChannelHandlerContext context, Reply reply, boolean keepAlive) {
        watch(context);
        context.writeAndFlush(reply.response(keepAlive)).addListener((ChannelFutureListener) written -> {
            if (call != null) {
                api.tasks().ended(call);
                call = null;
            }
            if (written.isSuccess() && keepAlive) {
                next(context);
            } else if (written.isSuccess() && lingers) {
                context.channel().config().setAutoRead(true);
                ((DuplexChannel) context.channel()).shutdownOutput();
            } else {
                context.close();
            }
        });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.warn("admin connection {} failed", context.channel().remoteAddress(), cause);
        }
        context.close();
    }
}
