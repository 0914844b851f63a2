package org.procpool.link;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.procpool.recorder.ClaimState;
import org.procpool.recorder.Corpse;
import org.procpool.recorder.CorruptRecorderException;
import org.procpool.recorder.SupervisorPage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The supervisor's dealings with one worker's flight recorder: offers and their claims, how far the worker is, and what
 * of its answers was taken over. Used on the loop only.
 */
final class Recorder {

    private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);

    private final SupervisorPage page;
    /** Where the frame of each offer ends in what was sent since Welcome. */
    private final long[] ends;

    private long offered;
    private long passed;
    private long sentBytes;
    /** Answers taken over into this process's memory, in bytes since Ready. */
    private long takenBytes;
    /** Of those, what came through the ring and is still to come through the socket. */
    private long aheadBytes;

    Recorder(SupervisorPage page) {
        this.page = page;
        this.ends = new long[page.options().claims()];
    }

    /** The worker has mapped the page, which needs no name any more. */
    void mapped() {
        try {
            page.unlink();
        } catch (IOException e) {
            LOG.debug("the flight recorder {} keeps its name until the worker ends: {}", page.file(), e.toString());
        }
    }

    // ---- towards the worker

    /** To be called before the offer's bytes are sent. */
    void offers(long dispatch) {
        page.offer(dispatch);
        offered = dispatch;
    }

    /** So much has been sent since Welcome, the last offer included. */
    void sent(long bytes) {
        sentBytes = bytes;
        ends[(int) offered & ends.length - 1] = bytes;
    }

    /**
     * Takes an offer back.
     *
     * @throws CorruptRecorderException if the page holds what cannot be
     */
    boolean revoke(long dispatch) {
        return page.revoke(dispatch);
    }

    /**
     * How far the worker is.
     *
     * @throws CorruptRecorderException if the page holds what cannot be
     */
    Observation observe() {
        long consumed = page.consumed(sentBytes);
        while (passed < offered && ends[(int) (passed + 1) & ends.length - 1] <= consumed) {
            passed++;
        }
        boolean known = passed > 0 && offered - passed < ends.length;
        if (known && page.state(passed) == ClaimState.STARTED) {
            return new Observation(passed, passed, page.startNanos(passed));
        }
        return new Observation(passed, 0, 0);
    }

    /** Looks for what a truncated file or a lying worker may have done. */
    void verify() {
        page.verify(sentBytes);
    }

    // ---- from the worker

    /**
     * So many bytes came through the socket since Ready.
     *
     * @return how many of them, at their beginning, are known already
     * @throws CorruptRecorderException if the worker sent more than it has written
     */
    int received(int bytes) {
        int known = (int) Math.min(aheadBytes, bytes);
        aheadBytes -= known;
        takenBytes += bytes - known;
        page.publishParsed(takenBytes);
        return known;
    }

    /** Takes over what the worker has written and the socket has not brought yet. */
    ByteBuffer takeOver() {
        ByteBuffer bytes = page.unparsed();
        aheadBytes += bytes.remaining();
        takenBytes += bytes.remaining();
        page.publishParsed(takenBytes);
        return bytes;
    }

    /**
     * The same for a worker that has been reaped; nothing of it will be read from the socket any more.
     *
     * @throws CorruptRecorderException if the page holds what cannot be
     */
    Remains remains() {
        Corpse corpse = page.corpse();
        ByteBuffer bytes = corpse.unparsed();
        takenBytes += bytes.remaining();
        return new Remains(bytes, lastStarted(corpse));
    }

    /** The newest offer that was started, wherever the worker said it was. */
    private Observation lastStarted(Corpse corpse) {
        long oldest = Math.max(1, offered - ends.length + 1);
        for (long dispatch = offered; dispatch >= oldest; dispatch--) {
            if (corpse.state(dispatch) == ClaimState.STARTED) {
                return new Observation(dispatch, dispatch, corpse.startNanos(dispatch));
            }
        }
        return new Observation(0, 0, 0);
    }

    /** What was taken over so far, in bytes since Ready. */
    long takenBytes() {
        return takenBytes;
    }

    /** Whether bytes from one position to before another lie across the end of the ring. */
    boolean wraps(long from, long to) {
        // The ring's size is a power of two: the positions are in different rounds if they differ above it.
        return to > from && (from ^ (to - 1)) >= page.options().ringBytes();
    }

    /** Gives the memory back. To be called when the process has been reaped. */
    void close() {
        try {
            page.close();
        } catch (IOException e) {
            LOG.warn("the flight recorder {} could not be removed: {}", page.file(), e.toString());
        }
    }

    /** What a dead worker had answered, and what it was at. */
    record Remains(ByteBuffer answers, Observation last) {}
}
