package org.procpool.server.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.ImmediateEventExecutor;
import org.jspecify.annotations.Nullable;
import org.procpool.server.security.AddressLimit;
import org.procpool.server.security.Gatekeeper;

/** Lets connections in, as many as allowed. Used on the admin loop only, but for {@link #opened} and {@link #close}. */
@Sharable
final class Acceptor extends ChannelInitializer<Channel> {

    /** Requests that wait for tasks; what they leave is for those who look and steer. */
    static final int CALLS_MAX = 960;

    static final int CONNECTIONS_MAX = CALLS_MAX + 64;
    static final int CHUNK_BYTES_MAX = 64 * 1024;
    static final int HEADER_BYTES_MAX = 8 * 1024;
    static final int BODY_BYTES_MAX = 8 * 1024;
    private static final int LINE_BYTES_MAX = 4 * 1024;

    private final AdminApi api;
    private final Gatekeeper gatekeeper;
    private final long timeoutNanos;
    /** The listener and its connections; each leaves it when it is closed. */
    private final ChannelGroup open = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);

    Acceptor(AdminApi api, Gatekeeper gatekeeper, long timeoutNanos) {
        this.api = api;
        this.gatekeeper = gatekeeper;
        this.timeoutNanos = timeoutNanos;
    }

    void opened(Channel listener) {
        open.add(listener);
    }

    /** Closes the listener and all connections, those that are yet to be let in too. Any thread but the loop; waits. */
    void close() {
        open.close().awaitUninterruptibly();
    }

    @Override
    protected void initChannel(Channel channel) {
        open.add(channel);
        gatekeeper.guard(channel, timeoutNanos);
        HttpDecoderConfig limits = new HttpDecoderConfig()
                .setMaxInitialLineLength(LINE_BYTES_MAX)
                .setMaxHeaderSize(HEADER_BYTES_MAX)
                .setMaxChunkSize(CHUNK_BYTES_MAX);
        channel.pipeline().addLast(new HttpServerCodec(limits));
        Reply refusal = refusal(channel);
        if (refusal != null) {
            channel.pipeline().addLast(new Refusal(refusal));
            return;
        }
        channel.pipeline()
                .addLast(new TaskBodies(api.tasks()))
                .addLast(new BodyLimit(BODY_BYTES_MAX))
                .addLast(new AdminConnection(api, timeoutNanos));
    }

    /** Why it is not let in; null if it is. */
    private @Nullable Reply refusal(Channel channel) {
        // One of them is the listener.
        if (open.size() - 1 > CONNECTIONS_MAX) {
            return Reply.error(
                    HttpResponseStatus.SERVICE_UNAVAILABLE,
                    "there are " + CONNECTIONS_MAX + " admin connections, the limit; try again later");
        }
        AddressLimit limit = gatekeeper.addressLimit();
        return limit.enter(channel) ? null : Reply.error(HttpResponseStatus.TOO_MANY_REQUESTS, limit.refusal());
    }
}
