package org.procpool.server.security;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands behind TLS and keeps its failures from the handlers behind it: what a stranger sends is no fault of the
 * service. Used on the channel's loop.
 */
final class TlsGuard extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(TlsGuard.class);

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Throwable tls = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        if (tls instanceof SSLException) {
            LOG.info("client={} state=closed code=TLS: {}", context.channel().remoteAddress(), tls.getMessage());
            context.close();
        } else {
            context.fireExceptionCaught(cause);
        }
    }
}
