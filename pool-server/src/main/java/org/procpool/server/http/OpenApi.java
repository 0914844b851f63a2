package org.procpool.server.http;

import java.nio.charset.StandardCharsets;

/** The description of the HTTP interface, for programs. */
final class OpenApi {

    private OpenApi() {}

    /** In JSON; read at each call, since hardly anybody asks. */
    static String text() {
        return new String(Resource.bytes("openapi.json"), StandardCharsets.UTF_8);
    }
}
