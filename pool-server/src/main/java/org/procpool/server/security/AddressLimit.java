package org.procpool.server.security;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * How many connections one address may have, through all doors together, so that it cannot take all there are. Safe for
 * use by any thread.
 */
public final class AddressLimit {

    private final int max;
    private final ConcurrentMap<InetAddress, Integer> counts = new ConcurrentHashMap<>();

    /** @param max 0 = no limit */
    AddressLimit(int max) {
        this.max = max;
    }

    /** What to say to one too many. */
    public String refusal() {
        return "there are " + max + " connections from your address, the limit; close some";
    }

    /** Counts the connection until it is closed; false if it is one too many, and then it does not count. */
    public boolean enter(Channel channel) {
        if (max == 0 || !(channel.remoteAddress() instanceof InetSocketAddress remote)) {
            return true;
        }
        InetAddress address = remote.getAddress();
        if (counts.merge(address, 1, Integer::sum) > max) {
            leave(address);
            return false;
        }
        channel.closeFuture().addListener(closed -> leave(address));
        return true;
    }

    private void leave(InetAddress address) {
        counts.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    }
}
