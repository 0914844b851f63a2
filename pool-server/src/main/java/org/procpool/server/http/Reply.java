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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * An answer before it is written.
 *
 * @param type of the body
 * @param headers beyond those that every answer has
 */
record Reply(HttpResponseStatus status, String type, ByteBuffer body, Map<CharSequence, String> headers) {

    static Reply of(HttpResponseStatus status, String json) {
        return json(status, json, Map.of());
    }

    static Reply json(HttpResponseStatus status, String json, Map<CharSequence, String> headers) {
        return text(status, HttpHeaderValues.APPLICATION_JSON.toString(), json, headers);
    }

    static Reply text(HttpResponseStatus status, String type, String text, Map<CharSequence, String> headers) {
        return new Reply(status, type, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), headers);
    }

    static Reply error(HttpResponseStatus status, String sentence) {
        return of(status, AdminJson.object("error", sentence));
    }

    FullHttpResponse response(boolean keepAlive) {
        ByteBuf bytes = Unpooled.wrappedBuffer(body.duplicate());
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, bytes);
        response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, bytes.readableBytes());
        setCommon(response.headers(), type);
        headers.forEach((name, value) -> response.headers().set(name, value));
        HttpUtil.setKeepAlive(response, keepAlive);
        return response;
    }

    /** What every answer of this service has. */
    static void setCommon(HttpHeaders headers, String type) {
        headers.set(HttpHeaderNames.CONTENT_TYPE, type);
        headers.set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
        headers.set("x-content-type-options", "nosniff");
        // A page of another origin cannot even embed what it may not read.
        headers.set("cross-origin-resource-policy", "same-origin");
    }
}
