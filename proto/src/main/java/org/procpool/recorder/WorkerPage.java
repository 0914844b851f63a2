package org.procpool.recorder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The worker's side of its flight recorder. Claims and the consumed position belong to the thread that runs the tasks,
 * the writer to whoever guards the data socket.
 */
public final class WorkerPage {

    private final MappedPage page;
    private final RecorderOptions options;

    private WorkerPage(MappedPage page, RecorderOptions options) {
        this.page = page;
        this.options = options;
    }

    /**
     * Maps the page that the supervisor made. Keeps no file open: a handler that closes or truncates every descriptor
     * it finds cannot hurt the page.
     *
     * @throws IOException if the file cannot be opened or mapped
     * @throws CorruptRecorderException if it is no page of this version
     */
    public static WorkerPage map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer header = ByteBuffer.allocate(Layout.HEADER_BYTES).order(ByteOrder.nativeOrder());
            int count = channel.read(header, 0);
            while (count > 0) {
                count = channel.read(header, header.position());
            }
            RecorderOptions options = options(header, file);
            if (channel.size() != options.pageBytes()) {
                throw new CorruptRecorderException("the flight recorder " + file + " has " + channel.size()
                        + " bytes, its header says " + options.pageBytes());
            }
            return new WorkerPage(MappedPage.map(channel, options.pageBytes()), options);
        }
    }

    private static RecorderOptions options(ByteBuffer header, Path file) {
        if (header.hasRemaining() || header.getLong(Layout.MAGIC_OFFSET) != Layout.MAGIC) {
            throw new CorruptRecorderException("the file " + file + " is no flight recorder");
        }
        long version = header.getLong(Layout.VERSION_OFFSET);
        if (version != Layout.VERSION) {
            throw new CorruptRecorderException("the flight recorder " + file + " has version " + version
                    + ", this worker knows version " + Layout.VERSION + "; use the same release for both");
        }
        try {
            return new RecorderOptions(
                    Math.toIntExact(header.getLong(Layout.CLAIMS_OFFSET)),
                    Math.toIntExact(header.getLong(Layout.RING_BYTES_OFFSET)));
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new CorruptRecorderException("the flight recorder " + file + " has impossible sizes", e);
        }
    }

    public RecorderOptions options() {
        return options;
    }

    /**
     * Claims an offer, before anything of it runs.
     *
     * @param nowNanos the start of its run, by {@link System#nanoTime}
     * @return false if the supervisor has taken it back: then it must not run and gets no answer
     * @throws CorruptRecorderException if it was never offered, or has started before
     */
    public boolean tryStart(long dispatch, long nowNanos) {
        if (dispatch < 1 || dispatch > Layout.DISPATCH_MAX) {
            throw new CorruptRecorderException("dispatch " + dispatch + " is not from 1 to " + Layout.DISPATCH_MAX);
        }
        int offset = Layout.claimOffset(dispatch, options.claims());
        // Before the claim that publishes it. If the claim fails, nobody looks at it.
        page.setRelease(offset + Layout.START_TIME_OFFSET, nowNanos);
        if (page.compareAndSet(
                offset, Layout.word(dispatch, ClaimState.OFFERED), Layout.word(dispatch, ClaimState.STARTED))) {
            return true;
        }
        long word = page.getAcquire(offset);
        if (word == Layout.word(dispatch, ClaimState.REVOKED)) {
            return false;
        }
        throw new CorruptRecorderException(
                "the claim of dispatch " + dispatch + " is not offered, it holds the word 0x" + Long.toHexString(word));
    }

    /**
     * Says how much of the supervisor's stream is behind this worker. To be called after {@link #tryStart} of the last
     * task in it, so that the supervisor may use its claim again.
     *
     * @param position bytes since Welcome
     */
    public void publishConsumed(long position) {
        page.setRelease(Layout.CONSUMED_OFFSET, position);
    }

    /** The way to the data socket from Ready on. To be called once. */
    public RingWriter writer(WritableByteChannel socket) {
        return new RingWriter(page, options, socket);
    }
}
