package org.procpool.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * An answer before it is written.
 *
 * @param headers beyond those that every answer has
 */
record Reply(HttpResponseStatus status, String json, Map<CharSequence, String> headers) {

    static Reply of(HttpResponseStatus status, String json) {
        return new Reply(status, json, Map.of());
    }

    static Reply error(HttpResponseStatus status, String sentence) {
        return of(status, AdminJson.object("error", sentence));
    }

    FullHttpResponse response(boolean keepAlive) {
        ByteBuf body = Unpooled.copiedBuffer(json, StandardCharsets.UTF_8);
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
        HttpHeaders all = response.headers();
        all.set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
        all.setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        all.set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
        all.set("x-content-type-options", "nosniff");
        // A page of another origin cannot even embed what it may not read.
        all.set("cross-origin-resource-policy", "same-origin");
        headers.forEach(all::set);
        HttpUtil.setKeepAlive(response, keepAlive);
        return response;
    }
}
