package org.procpool.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.Payload;
import org.procpool.spool.Incoming;
import org.procpool.spool.Spool;

/**
 * Takes the bodies of requests to run a task, which are as large as a payload may be: into memory, or from the spool's
 * limit on into a file as they come, also if nobody has said how large they become. Who may not submit is refused
 * before its body. All other requests pass through. Used on the admin loop only.
 */
final class TaskBodies extends ChannelInboundHandlerAdapter {

    /** More of the body has come, which counts against silence. */
    static final Object MOVES = new Object();

    private final TaskApi api;
    /** Null outside of a body. */
    private @Nullable HttpRequest head;
    /** Whom the task counts for. */
    private String party = "";
    /** What is left of the body is of no use. */
    private boolean discarding;

    private long bytes;
    /** Grows with the body; null if it goes into a file. */
    private @Nullable ByteBuf memory;

    private @Nullable Incoming file;
    /** Pieces that a disk does not have yet. */
    private int writing;

    private boolean whole;
    private boolean gone;

    TaskBodies(TaskApi api) {
        this.api = api;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            discarding = false;
            if (TaskApi.submits(request) && request.decoderResult().isSuccess()) {
                begin(context, request);
            } else {
                context.fireChannelRead(message);
                return;
            }
        }
        if (head == null && !discarding) {
            context.fireChannelRead(message);
            return;
        }
        try {
            if (head != null && message instanceof HttpContent content) {
                take(context, content);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(ChannelHandlerContext context, HttpRequest request) {
        head = request;
        bytes = 0;
        whole = false;
        InetAddress bound = ((InetSocketAddress) context.channel().localAddress()).getAddress();
        InetAddress remote = ((InetSocketAddress) context.channel().remoteAddress()).getAddress();
        try {
            party = api.checkSubmit(request, bound, remote);
            long length = HttpUtil.getContentLength(request, -1L);
            checkSize(length);
            Spool spool = api.spool();
            file = spool != null && spool.takes(length) ? spool.receive((int) length) : null;
            memory = file == null
                    ? Unpooled.buffer((int) Math.max(0, Math.min(length, Acceptor.CHUNK_BYTES_MAX)))
                    : null;
        } catch (HttpException e) {
            refuse(context, e);
            return;
        } catch (IOException e) {
            refuse(context, noRoom(e));
            return;
        }
        if (HttpUtil.is100ContinueExpected(request)) {
            request.headers().remove(HttpHeaderNames.EXPECT);
            context.writeAndFlush(new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
        }
    }

    private void checkSize(long size) throws HttpException {
        if (size > api.payloadBytesMax()) {
            throw new HttpException(
                    HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                    "the payload has more than " + api.payloadBytesMax() + " bytes, the limit");
        }
    }

    private static HttpException noRoom(IOException why) {
        return new HttpException(
                HttpResponseStatus.SERVICE_UNAVAILABLE, "there is no room for the payload: " + why.getMessage());
    }

    private void refuse(ChannelHandlerContext context, HttpException why) {
        HttpRequest request = head;
        head = null;
        discarding = true;
        abandon();
        if (request != null) {
            context.fireChannelRead(SubmitRequest.refused(request, why));
        }
    }

    private void take(ChannelHandlerContext context, HttpContent content) {
        ByteBuf piece = content.content();
        bytes += piece.readableBytes();
        try {
            if (content.decoderResult().isFailure()) {
                throw new HttpException(HttpResponseStatus.BAD_REQUEST, "the body of the request is malformed");
            }
            checkSize(bytes);
            spoolIfLarge(context);
        } catch (HttpException e) {
            refuse(context, e);
            return;
        } catch (IOException e) {
            refuse(context, noRoom(e));
            return;
        }
        if (memory != null) {
            memory.writeBytes(piece);
        } else {
            toFile(context, piece);
        }
        context.fireUserEventTriggered(MOVES);
        whole = content instanceof LastHttpContent;
        finish(context);
    }

    /** One whose length nobody has told goes on in a file once it has become that large. */
    private void spoolIfLarge(ChannelHandlerContext context) throws IOException {
        Spool spool = api.spool();
        ByteBuf collected = memory;
        if (collected != null && spool != null && spool.takes(bytes)) {
            file = spool.receive(api.payloadBytesMax());
            memory = null;
            toFile(context, collected);
            collected.release();
        }
    }

    private void toFile(ChannelHandlerContext context, ByteBuf piece) {
        Incoming into = file;
        if (into != null
                && !into.write(
                        piece, piece.readableBytes(), () -> context.executor().execute(() -> written(context)))) {
            writing++;
            context.channel().config().setAutoRead(false);
        }
    }

    /** A disk has taken a piece. */
    private void written(ChannelHandlerContext context) {
        writing--;
        if (gone || head == null) {
            abandon();
        } else if (writing == 0) {
            context.channel().config().setAutoRead(true);
            finish(context);
        }
    }

    private void finish(ChannelHandlerContext context) {
        HttpRequest request = head;
        if (!whole || writing > 0 || request == null) {
            return;
        }
        head = null;
        try {
            context.fireChannelRead(SubmitRequest.of(request, party, payload()));
        } catch (IOException e) {
            context.fireChannelRead(SubmitRequest.refused(request, noRoom(e)));
        }
    }

    private Payload payload() throws IOException {
        Incoming spooled = file;
        ByteBuf collected = memory;
        file = null;
        memory = null;
        if (spooled != null) {
            return spooled.end();
        }
        byte[] copy = new byte[collected == null ? 0 : collected.readableBytes()];
        if (collected != null) {
            collected.readBytes(copy).release();
        }
        return Payload.of(copy);
    }

    private void abandon() {
        if (memory != null) {
            memory.release();
            memory = null;
        }
        if (file != null && writing == 0) {
            file.abandon();
            file = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        gone = true;
        abandon();
        context.fireChannelInactive();
    }
}
