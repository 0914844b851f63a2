package org.procpool.link;

import java.util.ArrayList;
import java.util.List;

/**
 * What a turn of the loop has written and not flushed yet: each peer is flushed once, at its end. Used on the loop only.
 */
public final class Turn {

    /** What has something to send at the end of the turn. */
    public interface Flushable {

        /** Sends it; may make others have something to send. */
        void flush();
    }

    private List<Flushable> dirty = new ArrayList<>();
    private List<Flushable> flushing = new ArrayList<>();

    /** Has it flushed at the end of this turn; to be called once until then. */
    public void add(Flushable sender) {
        dirty.add(sender);
    }

    /** Sends everything that was written since the last flush. */
    public void flush() {
        while (!dirty.isEmpty()) {
            List<Flushable> senders = dirty;
            dirty = flushing;
            flushing = senders;
            for (Flushable sender : senders) {
                sender.flush();
            }
            senders.clear();
        }
    }
}
