package org.procpool.server.http;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;

/** Makes whole requests of their parts, up to a limit; beyond it the client is told and the connection closed. */
final class BodyLimit extends HttpObjectAggregator {

    BodyLimit(int bytesMax) {
        super(bytesMax, true);
    }

    @Override
    protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
        context.writeAndFlush(Reply.error(
                                HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                                "the body of the request has more than " + maxContentLength() + " bytes")
                        .response(false))
                .addListener(ChannelFutureListener.CLOSE);
    }
}
