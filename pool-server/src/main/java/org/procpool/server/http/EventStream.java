package org.procpool.server.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.procpool.server.security.Grant;

/**
 * One who watches, by server-sent events. If it does not read, it gets nothing new until it does, and is told what it
 * has missed. Used on the admin loop only.
 */
final class EventStream {

    /** A reader that has taken nothing for so many pulses, half a minute, is gone in all but name. */
    private static final int SKIPPED_MAX = 120;

    private final Channel channel;
    private final @Nullable Grant grant;
    private PulseJson.Position position;
    private int skipped;

    /** @param grant what has let it through, as {@link Access#check} says */
    EventStream(Channel channel, @Nullable Grant grant, PulseJson.Position position) {
        this.channel = channel;
        this.grant = grant;
        this.position = position;
    }

    @Nullable
    Grant grant() {
        return grant;
    }

    /** To be called once, before anything is sent. */
    void begin() {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        Reply.setCommon(head.headers(), "text/event-stream");
        head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        channel.writeAndFlush(head);
    }

    void send(PulseJson pulse) {
        if (!channel.isWritable()) {
            skipped++;
            if (skipped > SKIPPED_MAX) {
                channel.close();
            }
            return;
        }
        PulseJson.Position next = pulse.position();
        String message = "id: " + next.text() + "\nevent: pulse\ndata: "
                + pulse.text(position, skipped).strip() + "\n\n";
        position = next;
        skipped = 0;
        channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(message.getBytes(StandardCharsets.UTF_8))));
    }

    /** Completes when it is closed, after all that was sent. */
    CompletableFuture<Void> end() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(ChannelFutureListener.CLOSE);
        channel.closeFuture().addListener(future -> closed.complete(null));
        return closed;
    }
}
