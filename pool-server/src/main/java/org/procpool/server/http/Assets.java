package org.procpool.server.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files of the dashboard. They lie in the jars: it needs no network but the one to the service. */
final class Assets {

    private static final String OWN = "/org/procpool/server/dashboard/";
    private static final String CHARTS = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
    private static final String HTML = "text/html; charset=utf-8";
    private static final String CSS = "text/css; charset=utf-8";
    private static final String SCRIPT = "text/javascript; charset=utf-8";

    /** Nothing from elsewhere, nothing written into the page, nobody around it. */
    private static final Map<CharSequence, String> HEADERS = Map.of(
            "content-security-policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                    + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
            "referrer-policy",
            "no-referrer");

    private static final Map<String, Asset> BY_PATH = Map.ofEntries(
            Map.entry("/", new Asset(OWN + "index.html", HTML)),
            Map.entry("/dashboard/uPlot.iife.min.js", new Asset(CHARTS + "uPlot.iife.min.js", SCRIPT)),
            Map.entry("/dashboard/uPlot.min.css", new Asset(CHARTS + "uPlot.min.css", CSS)),
            Map.entry("/dashboard/icon.svg", new Asset(OWN + "icon.svg", "image/svg+xml")),
            Map.entry("/dashboard/dashboard.css", new Asset(OWN + "dashboard.css", CSS)),
            own("theme.js"),
            own("main.js"),
            own("service.js"),
            own("format.js"),
            own("charts.js"),
            own("workers.js"),
            own("feed.js"),
            own("actions.js"));

    private record Asset(String resource, String type) {}

    private Assets() {}

    private static Map.Entry<String, Asset> own(String script) {
        return Map.entry("/dashboard/" + script, new Asset(OWN + script, SCRIPT));
    }

    /** Null if there is no such file. */
    static @Nullable Reply find(String path) {
        Asset asset = BY_PATH.get(path);
        if (asset == null) {
            return null;
        }
        return new Reply(HttpResponseStatus.OK, asset.type, ByteBuffer.wrap(Resource.bytes(asset.resource)), HEADERS);
    }
}
