package org.procpool.server.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Map;

/**
 * An answer before it is written.
 *
 * @param headers beyond those that every answer has
 */
record Reply(HttpResponseStatus status, byte[] json, Map<CharSequence, String> headers) {

    static Reply of(HttpResponseStatus status, byte[] json) {
        return new Reply(status, json, Map.of());
    }

    static Reply error(HttpResponseStatus status, String sentence) {
        return of(status, AdminJson.text("error", sentence));
    }

    FullHttpResponse response(boolean keepAlive) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(json));
        HttpHeaders all = response.headers();
        all.set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
        all.setInt(HttpHeaderNames.CONTENT_LENGTH, json.length);
        all.set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
        all.set("x-content-type-options", "nosniff");
        // A page of another origin cannot even embed what it may not read.
        all.set("cross-origin-resource-policy", "same-origin");
        headers.forEach(all::set);
        HttpUtil.setKeepAlive(response, keepAlive);
        return response;
    }
}
