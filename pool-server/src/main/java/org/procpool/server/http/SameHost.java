package org.procpool.server.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.procpool.server.security.Gatekeeper;

/**
 * Lets a request in only if it names this machine, so that no web page reaches the pool through a visitor's browser:
 * neither by a form (its Origin is another one) nor by a name that was made to resolve to this machine. With TLS any
 * name will do: the certificate says whose it is.
 */
final class SameHost {

    private final Gatekeeper gatekeeper;

    SameHost(Gatekeeper gatekeeper) {
        this.gatekeeper = gatekeeper;
    }

    /**
     * Checks Host and Origin.
     *
     * @param bound the address that the connection came in on
     * @throws HttpException 400, 403 or 421
     */
    void check(HttpHeaders headers, InetAddress bound) throws HttpException {
        List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
        if (hosts.size() != 1) {
            throw new HttpException(HttpResponseStatus.BAD_REQUEST, "a request needs exactly one Host header");
        }
        String host = hosts.get(0).strip();
        String name = nameOf(host);
        if (!gatekeeper.tls() && !gatekeeper.isHostName(name) && !isThisMachine(name, bound)) {
            throw new HttpException(
                    HttpResponseStatus.MISDIRECTED_REQUEST,
                    "the Host header names another machine; use localhost, the address that the service listens on, or"
                            + " a name that it was given by --admin-host-names");
        }
        for (String origin : headers.getAll(HttpHeaderNames.ORIGIN)) {
            if (!origin.strip().equalsIgnoreCase((gatekeeper.tls() ? "https://" : "http://") + host)) {
                throw new HttpException(
                        HttpResponseStatus.FORBIDDEN, "requests from web pages of another origin are not allowed");
            }
        }
    }

    /** Without port and brackets. */
    private static String nameOf(String host) {
        if (host.startsWith("[")) {
            int end = host.indexOf(']');
            return end < 0 ? "" : host.substring(1, end);
        }
        int colon = host.indexOf(':');
        return colon < 0 ? host : host.substring(0, colon);
    }

    private static boolean isThisMachine(String name, InetAddress bound) {
        if (name.toLowerCase(Locale.ROOT).equals("localhost")) {
            return true;
        }
        InetAddress address = literal(name);
        return address != null && (address.isLoopbackAddress() || address.equals(bound));
    }

    /** Null for a name: names are never looked up, their answer is what an attacker controls. */
    private static @Nullable InetAddress literal(String name) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(name);
        try {
            return bytes == null ? null : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
