package org.procpool.server.http;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answers a connection that is not let in, whatever it asks, and closes it when it has had time to read that: a socket
 * that is closed with something unread in it takes the answer with it. Used on the admin loop only.
 */
final class Refusal extends ChannelInboundHandlerAdapter {

    private static final long LINGER_MILLIS = 1_000;

    private final Reply reply;
    private @Nullable ScheduledFuture<?> end;

    Refusal(Reply reply) {
        this.reply = reply;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        end = context.executor().schedule(() -> context.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
        context.writeAndFlush(reply.response(false)).addListener((ChannelFutureListener) written -> {
            if (written.isSuccess()) {
                ((DuplexChannel) written.channel()).shutdownOutput();
            } else {
                context.close();
            }
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (end != null) {
            end.cancel(false);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // Whoever is refused may do what it likes.
        context.close();
    }
}
