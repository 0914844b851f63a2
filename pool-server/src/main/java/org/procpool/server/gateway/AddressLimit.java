package org.procpool.server.gateway;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/** How many connections one address may have, so that it cannot take all there are. Used on the loop only. */
final class AddressLimit {

    private final int max;
    private final Map<InetAddress, Integer> counts = new HashMap<>();

    /** @param max 0 = no limit */
    AddressLimit(int max) {
        this.max = max;
    }

    int max() {
        return max;
    }

    /** Counts the connection until it is closed; false if it is one too many, and then it does not count. */
    boolean enter(Channel channel) {
        if (max == 0 || !(channel.remoteAddress() instanceof InetSocketAddress remote)) {
            return true;
        }
        InetAddress address = remote.getAddress();
        int before = counts.getOrDefault(address, 0);
        if (before >= max) {
            return false;
        }
        counts.put(address, before + 1);
        channel.closeFuture().addListener(closed -> leave(address));
        return true;
    }

    private void leave(InetAddress address) {
        counts.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    }
}
