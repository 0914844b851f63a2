package org.procpool.link;

import java.util.ArrayList;
import java.util.List;

/**
 * What a turn of the loop has written and not flushed yet: each peer is flushed once, at its end. Used on the loop only.
 */
public final class Turn {

    private List<FrameSender> dirty = new ArrayList<>();
    private List<FrameSender> flushing = new ArrayList<>();

    void add(FrameSender sender) {
        dirty.add(sender);
    }

    /** Sends everything that was written since the last flush. */
    public void flush() {
        while (!dirty.isEmpty()) {
            List<FrameSender> senders = dirty;
            dirty = flushing;
            flushing = senders;
            for (FrameSender sender : senders) {
                sender.flush();
            }
            senders.clear();
        }
    }
}
