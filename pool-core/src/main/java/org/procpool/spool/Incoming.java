package org.procpool.spool;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.Payload;
import org.procpool.proto.SpoolFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A large payload on its way into its file. Owned by who receives it; the spool's thread writes to disks for it. */
public final class Incoming {

    private static final Logger LOG = LoggerFactory.getLogger(Incoming.class);

    private final SpoolFile file;
    private final boolean inMemory;
    private final FileChannel channel;
    private final Executor diskThread;
    /** Why it could not be written; the first reason stays. Written by whoever writes, read by the owner. */
    private volatile @Nullable IOException failure;

    Incoming(SpoolFile file, boolean inMemory, Executor diskThread) throws IOException {
        this.file = file;
        this.inMemory = inMemory;
        this.diskThread = diskThread;
        this.channel = FileChannel.open(file.path(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /**
     * Appends the next bytes. In memory that is done at once, on a disk later and in the order of the calls; then the
     * owner should take no more until it is told.
     *
     * @param next moved beyond them
     * @param written called by the spool's thread if that is later
     * @return whether it is done already
     */
    public boolean write(ByteBuf next, int length, Runnable written) {
        if (inMemory) {
            append(next, length);
            return true;
        }
        ByteBuf piece = next.readRetainedSlice(length);
        diskThread.execute(() -> {
            append(piece, length);
            piece.release();
            written.run();
        });
        return false;
    }

    private void append(ByteBuf bytes, int length) {
        int end = bytes.readerIndex() + length;
        try {
            while (failure == null && bytes.readerIndex() < end) {
                bytes.readBytes(channel, end - bytes.readerIndex());
            }
        } catch (IOException e) {
            failure = e;
        }
        bytes.readerIndex(end);
    }

    /** Appends all of them now, wherever that is; waits. */
    void writeNow(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /**
     * All is written: the payload, which whoever gets it releases.
     *
     * @throws IOException if it could not be written; it is gone then
     */
    public Payload end() throws IOException {
        IOException why = failure;
        if (why != null) {
            abandon();
            throw why;
        }
        channel.close();
        return Payload.of(file);
    }

    /** It will not come to its end: gives everything back. */
    public void abandon() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("the spooled payload {} could not be closed: {}", file.path(), e.toString());
        }
        Payload.of(file).release();
    }
}
