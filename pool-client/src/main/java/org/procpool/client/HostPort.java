package org.procpool.client;

import java.net.InetSocketAddress;

/** Where a service listens, as the user wrote it; resolved anew for every attempt to connect. */
record HostPort(String host, int port) {

    /**
     * Reads HOST:PORT; an IPv6 host stands in brackets.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            host = "";
        }
        int port = colon < 0 ? -1 : port(text.substring(colon + 1));
        if (host.isEmpty() || port < 1) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not an address: write HOST:PORT, for example 127.0.0.1:7420 or [::1]:7420");
        }
        return new HostPort(host, port);
    }

    private static int port(String digits) {
        if (digits.isEmpty() || digits.length() > 5 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        int port = Integer.parseInt(digits);
        return port <= 65_535 ? port : -1;
    }

    InetSocketAddress resolve() {
        return new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
