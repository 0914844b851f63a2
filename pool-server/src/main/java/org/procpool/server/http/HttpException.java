package org.procpool.server.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;

/** A request that is answered with an error. The message is the sentence that the client reads. */
final class HttpException extends Exception {

    private final transient HttpResponseStatus status;
    private final transient Map<CharSequence, String> headers;

    HttpException(HttpResponseStatus status, String sentence) {
        this(status, sentence, Map.of());
    }

    /** @param headers that HTTP asks for with this status */
    HttpException(HttpResponseStatus status, String sentence, Map<CharSequence, String> headers) {
        super(sentence, null, false, false);
        this.status = status;
        this.headers = headers;
    }

    Reply reply() {
        return Reply.json(status, AdminJson.object("error", String.valueOf(getMessage())), headers);
    }
}
