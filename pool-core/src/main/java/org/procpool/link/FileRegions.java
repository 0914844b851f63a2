package org.procpool.link;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import io.netty.channel.ChannelProgressivePromise;
import io.netty.channel.DefaultFileRegion;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import org.procpool.proto.SpoolFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes to one peer straight out of files, by the kernel. Netty counts none of it as unsent, so it is counted here,
 * and the channel is not writable while there is too much. Used on the loop only.
 */
final class FileRegions {

    private static final Logger LOG = LoggerFactory.getLogger(FileRegions.class);
    /** Which of the reasons for a channel not to be writable is ours. */
    private static final int WRITABILITY_INDEX = 1;

    private final Channel channel;
    private long unsentBytes;

    FileRegions(Channel channel) {
        this.channel = channel;
    }

    /** Handed over, and not taken by the peer. */
    long unsentBytes() {
        return unsentBytes;
    }

    /** Sends the whole file; it may lose its name meanwhile. */
    void write(SpoolFile file) {
        long size = file.size();
        FileChannel open;
        try {
            open = FileChannel.open(file.path(), StandardOpenOption.READ);
        } catch (IOException e) {
            // What comes next on the wire is announced to be this.
            LOG.error("a result cannot be read, so its connection is closed: {}", e.toString());
            channel.close();
            return;
        }
        count(size);
        ChannelProgressivePromise promise = channel.newProgressivePromise();
        promise.addListener(new Counter(size));
        channel.write(new DefaultFileRegion(open, 0, size), promise);
    }

    private void count(long bytes) {
        unsentBytes += bytes;
        ChannelOutboundBuffer outgoing = channel.unsafe().outboundBuffer();
        if (outgoing != null) {
            long max = bytes > 0
                    ? channel.config().getWriteBufferHighWaterMark()
                    : channel.config().getWriteBufferLowWaterMark();
            boolean writable = unsentBytes <= max;
            if (writable == bytes < 0) {
                outgoing.setUserDefinedWritability(WRITABILITY_INDEX, writable);
            }
        }
    }

    private final class Counter implements ChannelProgressiveFutureListener {

        private long left;

        Counter(long size) {
            this.left = size;
        }

        @Override
        public void operationProgressed(ChannelProgressiveFuture future, long progress, long total) {
            long now = total > 0 ? total - progress : left;
            count(now - left);
            left = now;
        }

        @Override
        public void operationComplete(ChannelProgressiveFuture future) {
            count(-left);
            left = 0;
        }
    }
}
