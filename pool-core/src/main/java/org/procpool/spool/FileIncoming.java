package org.procpool.spool;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Executor;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.Payload;
import org.procpool.proto.SpoolFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A payload on its way into a file of its own; the spool's thread writes to disks for it. */
final class FileIncoming implements Incoming {

    private static final Logger LOG = LoggerFactory.getLogger(FileIncoming.class);

    private final Path path;
    private final boolean inMemory;
    private final FileChannel channel;
    private final Executor diskThread;
    private final IntFunction<SpoolFile> ended;
    private int bytes;
    private boolean over;
    /** Why it could not be written; the first reason stays. Written by whoever writes, read by the owner. */
    private volatile @Nullable IOException failure;

    /** @param ended is told how many bytes it has become */
    FileIncoming(Path path, boolean inMemory, Executor diskThread, IntFunction<SpoolFile> ended) throws IOException {
        this.path = path;
        this.inMemory = inMemory;
        this.diskThread = diskThread;
        this.ended = ended;
        this.channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @Override
    public boolean write(ByteBuf next, int length, Runnable written) {
        bytes += length;
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

    private void append(ByteBuf piece, int length) {
        int end = piece.readerIndex() + length;
        try {
            while (failure == null && piece.readerIndex() < end) {
                piece.readBytes(channel, end - piece.readerIndex());
            }
        } catch (IOException e) {
            failure = e;
        }
        piece.readerIndex(end);
    }

    /** Appends all of them now, wherever that is; waits. */
    void writeNow(ByteBuffer all) throws IOException {
        bytes += all.remaining();
        while (all.hasRemaining()) {
            channel.write(all);
        }
    }

    @Override
    public Payload end() throws IOException {
        IOException why = failure;
        if (why != null) {
            abandon();
            throw why;
        }
        channel.close();
        over = true;
        return Payload.of(ended.apply(bytes));
    }

    @Override
    public void abandon() {
        if (over) {
            return;
        }
        over = true;
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("the spooled payload {} could not be closed: {}", path, e.toString());
        }
        Payload.of(ended.apply(bytes)).release();
    }
}
