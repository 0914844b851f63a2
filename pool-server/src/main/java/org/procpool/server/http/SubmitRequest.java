package org.procpool.server.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.Payload;

/** A request to run a task, with its body apart, or with the reason why nobody wants its body. */
final class SubmitRequest extends DefaultFullHttpRequest {

    private final String party;
    private final Payload payload;
    private final @Nullable HttpException refusal;

    private SubmitRequest(HttpRequest head, String party, Payload payload, @Nullable HttpException refusal) {
        super(
                head.protocolVersion(),
                head.method(),
                head.uri(),
                Unpooled.EMPTY_BUFFER,
                head.headers(),
                EmptyHttpHeaders.INSTANCE);
        this.party = party;
        this.payload = payload;
        this.refusal = refusal;
    }

    static SubmitRequest of(HttpRequest head, String party, Payload payload) {
        return new SubmitRequest(head, party, payload, null);
    }

    /** The connection is of no use any more after the answer, since the body may still be coming. */
    static SubmitRequest refused(HttpRequest head, HttpException why) {
        return new SubmitRequest(head, "", Payload.EMPTY, why);
    }

    /** Whom the task counts for. */
    String party() {
        return party;
    }

    /** Whoever takes the request takes the payload, and gives it away or releases it. */
    Payload payload() {
        return payload;
    }

    @Nullable
    HttpException refusal() {
        return refusal;
    }
}
