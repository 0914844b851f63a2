package org.procpool.recorder;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The supervisor's side of one worker's flight recorder. Used for one generation of a worker and never again. Owned by
 * one thread; not thread-safe.
 *
 * <p>What the worker must not be able to change is kept here and not in the page: which dispatch has which claim, and
 * how far the answers were taken over. Everything read from the page is held against that, and what cannot be is a
 * {@link CorruptRecorderException}. An {@link IllegalArgumentException} or {@link IllegalStateException} is a fault of
 * the caller.
 */
public final class SupervisorPage implements AutoCloseable {

    private static final int ZEROS_BYTES = 64 * 1024;

    /** Holds a directory of the descriptors of each process, this one's below {@code self}. */
    private static final Path PROC = Path.of("/proc");

    /** Where nothing is to be found. */
    private static final Path NOWHERE = Path.of("/dev/null");

    private final Path file;

    /** Stays open for its size and for the corpse; unlike a channel it stays open when its thread is interrupted. */
    private final RandomAccessFile open;

    private final MappedPage page;
    private final RecorderOptions options;

    /** Latest dispatch of each claim; 0 before the first. */
    private final long[] offered;

    private long lastOffered;
    private long parsed;
    private long written;
    private long consumed;
    private boolean linked;
    private boolean closed;

    private SupervisorPage(Path file, boolean linked, RandomAccessFile open, MappedPage page, RecorderOptions options) {
        this.file = file;
        this.linked = linked;
        this.open = open;
        this.page = page;
        this.options = options;
        this.offered = new long[options.claims()];
    }

    /**
     * Makes the page. Writes every byte of the file before it is mapped, so that a full memory file system shows here
     * and not as a bus error later. Blocking; not for the loop.
     *
     * <p>The name is removed again before the file gets any size, so nothing is left behind if this process is killed;
     * the worker opens the file through this process's descriptor. Where there is none to be found the name stays.
     *
     * @param file a new file in a memory file system; only its owner may read or write it
     * @throws IOException in one sentence, with nothing left behind
     */
    public static SupervisorPage create(Path file, RecorderOptions options) throws IOException {
        return create(file, options, PROC);
    }

    /**
     * As {@link #create}, but the name stays until {@link #unlink}: for a worker that does not see this process, or may
     * not open its descriptors.
     */
    public static SupervisorPage createNamed(Path file, RecorderOptions options) throws IOException {
        return create(file, options, NOWHERE);
    }

    /** @param proc where the system shows its processes */
    static SupervisorPage create(Path file, RecorderOptions options, Path proc) throws IOException {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (IOException e) {
            throw cannotCreate(file, options, e);
        }
        try {
            return opened(file, options, proc);
        } catch (IOException e) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw cannotCreate(file, options, e);
        }
    }

    private static SupervisorPage opened(Path file, RecorderOptions options, Path proc) throws IOException {
        RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw");
        try {
            Path descriptor = OwnDescriptor.find(file, proc);
            if (descriptor != null) {
                Files.delete(file);
            }
            fill(open, options);
            MappedPage page = MappedPage.map(open.getChannel(), options.pageBytes());
            return new SupervisorPage(descriptor == null ? file : descriptor, descriptor == null, open, page, options);
        } catch (IOException e) {
            open.close();
            throw e;
        }
    }

    private static IOException cannotCreate(Path file, RecorderOptions options, IOException cause) {
        return new IOException(
                "cannot create the flight recorder " + file + " of " + options.pageBytes() + " bytes: " + cause
                        + "; is its directory there, and is there room in its file system?",
                cause);
    }

    private static void fill(RandomAccessFile open, RecorderOptions options) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(Layout.HEADER_BYTES).order(ByteOrder.nativeOrder());
        header.putLong(Layout.MAGIC_OFFSET, Layout.MAGIC);
        header.putLong(Layout.VERSION_OFFSET, Layout.VERSION);
        header.putLong(Layout.CLAIMS_OFFSET, options.claims());
        header.putLong(Layout.RING_BYTES_OFFSET, options.ringBytes());
        open.write(header.array());
        byte[] zeros = new byte[ZEROS_BYTES];
        int left = options.pageBytes() - Layout.HEADER_BYTES;
        while (left > 0) {
            int piece = Math.min(left, zeros.length);
            open.write(zeros, 0, piece);
            left -= piece;
        }
    }

    /**
     * What the worker is to open, before {@link #unlink}: the descriptor of this process, under its pid, or else the
     * file's name. Holds for a worker of the same user that sees the same processes as this one.
     */
    public Path file() {
        return file;
    }

    public RecorderOptions options() {
        return options;
    }

    /** Removes the name if it has one still, as soon as the worker has said that it mapped the page. */
    public void unlink() throws IOException {
        if (linked) {
            Files.deleteIfExists(file);
            linked = false;
        }
    }

    /**
     * Makes an offer; to be called before its bytes go to the worker.
     *
     * <p>The caller bounds the offers that a worker holds: the offer {@link RecorderOptions#claims} numbers before this
     * one must be settled, or revoked and passed by the worker.
     *
     * @param dispatch higher than that of all offers before, from 1
     */
    public void offer(long dispatch) {
        Layout.checkDispatch(dispatch);
        checkOpen();
        if (dispatch <= lastOffered) {
            throw new IllegalArgumentException(
                    "dispatch " + dispatch + " is offered after dispatch " + lastOffered + ": they must ascend");
        }
        int offset = Layout.claimOffset(dispatch, options.claims());
        int index = index(dispatch);
        long before = offered[index];
        if (before != 0 && Layout.state(page.getAcquire(offset), before) == ClaimState.OFFERED) {
            throw new IllegalStateException(
                    "dispatch " + dispatch + " needs the claim of dispatch " + before + ", which is still offered");
        }
        offered[index] = dispatch;
        lastOffered = dispatch;
        page.setRelease(offset, Layout.word(dispatch, ClaimState.OFFERED));
    }

    /**
     * Takes an offer back.
     *
     * @return whether this call did it: then the worker never runs it. False if it has started or was taken back before
     */
    public boolean revoke(long dispatch) {
        int offset = known(dispatch);
        checkSize();
        boolean won = page.compareAndSet(
                offset, Layout.word(dispatch, ClaimState.OFFERED), Layout.word(dispatch, ClaimState.REVOKED));
        if (!won && Layout.state(page.getAcquire(offset), dispatch) == ClaimState.OFFERED) {
            throw new CorruptRecorderException("the claim of dispatch " + dispatch + " went back to OFFERED");
        }
        return won;
    }

    public ClaimState state(long dispatch) {
        int offset = known(dispatch);
        checkSize();
        return Layout.state(page.getAcquire(offset), dispatch);
    }

    /**
     * When the worker started it, as its {@link System#nanoTime}, which on one machine is the same clock in all
     * processes. Any number if the worker lies: the caller clamps it to what can be. Means nothing before
     * {@link #state} has answered STARTED.
     */
    public long startNanos(long dispatch) {
        int offset = known(dispatch);
        checkSize();
        return page.getAcquire(offset + Layout.START_TIME_OFFSET);
    }

    private int known(long dispatch) {
        Layout.checkDispatch(dispatch);
        checkOpen();
        if (offered[index(dispatch)] != dispatch) {
            throw new IllegalArgumentException(
                    "the claim of dispatch " + dispatch + " belongs to dispatch " + offered[index(dispatch)] + " now");
        }
        return Layout.claimOffset(dispatch, options.claims());
    }

    private int index(long dispatch) {
        return (int) dispatch & options.claims() - 1;
    }

    /** How far the worker's answers are in the ring, in bytes since Ready. */
    public long written() {
        checkOpen();
        written = checkedWritten(page.getAcquire(Layout.WRITTEN_OFFSET), parsed, written, options.ringBytes());
        return written;
    }

    static long checkedWritten(long position, long parsed, long before, int ringBytes) {
        if (position < before || position - parsed > ringBytes) {
            throw new CorruptRecorderException("the worker says it has written " + position + " bytes; it had written "
                    + before + ", and beyond " + parsed + " the ring holds " + ringBytes);
        }
        return position;
    }

    /** How far the answers were taken over, in bytes since Ready: what {@link #publishParsed} said last. */
    public long parsed() {
        return parsed;
    }

    /**
     * Says how far the worker's answers have been taken over into this process's own memory, be it in the middle of a
     * frame; the worker may overwrite everything before that.
     *
     * @param position in bytes since Ready
     * @throws CorruptRecorderException if the worker sent more than it has written into the ring
     */
    public void publishParsed(long position) {
        checkOpen();
        if (position < parsed) {
            throw new IllegalArgumentException("position " + position + " lies before " + parsed);
        }
        if (position > written && position > written()) {
            throw new CorruptRecorderException("the worker sent " + position
                    + " bytes since Ready and has written only " + written + " of them into its flight recorder");
        }
        parsed = position;
        page.setRelease(Layout.PARSED_OFFSET, position);
    }

    /**
     * How much of what was sent the worker has behind it: each task before that position is started or skipped.
     *
     * @param sent bytes written to the data socket since Welcome
     * @return bytes since Welcome, at most {@code sent}
     */
    public long consumed(long sent) {
        checkOpen();
        long position = page.getAcquire(Layout.CONSUMED_OFFSET);
        if (position < consumed || position > sent) {
            throw new CorruptRecorderException("the worker says it has consumed " + position
                    + " bytes; it had consumed " + consumed + ", and " + sent + " were sent");
        }
        consumed = position;
        return position;
    }

    /**
     * A private copy of what the worker has written and nobody has taken over yet: the bytes from {@link #parsed} to
     * {@link #written}. The worker may be alive. Nothing is marked as taken; {@link #publishParsed} does that.
     */
    public ByteBuffer unparsed() {
        checkSize();
        int length = (int) (written() - parsed);
        ByteBuffer copy = ByteBuffer.allocate(length);
        int start = (int) parsed & options.ringBytes() - 1;
        int first = Math.min(length, options.ringBytes() - start);
        int ring = Layout.ringOffset(options.claims());
        page.copy(ring + start, first, copy);
        page.copy(ring, length - first, copy);
        return copy.flip();
    }

    /**
     * Checks what can be checked at any time: the size of the file and the positions.
     *
     * @param sent as for {@link #consumed}
     */
    public void verify(long sent) {
        checkSize();
        written();
        consumed(sent);
    }

    /**
     * A private copy of everything, to judge the worker by. To be called when the process has been reaped, so that
     * nobody changes the page any more.
     */
    public Corpse corpse() {
        checkSize();
        byte[] copy = new byte[options.pageBytes()];
        try {
            open.seek(0);
            open.readFully(copy);
        } catch (IOException e) {
            throw new CorruptRecorderException("the flight recorder cannot be read: " + e, e);
        }
        ByteBuffer content = ByteBuffer.wrap(copy).order(ByteOrder.nativeOrder());
        return new Corpse(content, options, offered.clone(), parsed, written);
    }

    private void checkSize() {
        checkOpen();
        long bytes;
        try {
            bytes = open.length();
        } catch (IOException e) {
            throw new CorruptRecorderException("the flight recorder has no size any more: " + e, e);
        }
        if (bytes < options.pageBytes()) {
            throw cut(bytes);
        }
    }

    private CorruptRecorderException cut(long bytes) {
        return new CorruptRecorderException(
                "somebody cut the flight recorder from " + options.pageBytes() + " to " + bytes + " bytes");
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the flight recorder is closed");
        }
    }

    /**
     * Gives the memory back at once, and removes the name if that has not happened. To be called when the process has
     * been reaped: for a worker that lives its page is gone with this. Closing twice does nothing.
     */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (open) {
            open.setLength(0);
            unlink();
        }
    }
}
