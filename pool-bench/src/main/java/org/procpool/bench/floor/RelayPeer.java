package org.procpool.bench.floor;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/** What goes to one peer of the relay. Owned by the loop. */
final class RelayPeer {

    private final Channel channel;
    private final RelayOptions options;
    private @Nullable ByteBuf out;
    private boolean written;

    RelayPeer(Channel channel, RelayOptions options) {
        this.channel = channel;
        this.options = options;
    }

    void append(ByteBuf in, int index, int length) {
        if (length >= options.copyBelow()) {
            writeOut();
            channel.write(in.retainedSlice(index, length), channel.voidPromise());
            written = true;
        } else {
            copy(in, index, length);
        }
        if (options.flushEach()) {
            flush();
        }
    }

    private void copy(ByteBuf in, int index, int length) {
        ByteBuf present = out;
        if (present != null && present.writableBytes() < length) {
            writeOut();
            present = null;
        }
        if (present == null) {
            present = channel.alloc().directBuffer(Math.max(options.outBytes(), length));
            out = present;
        }
        present.writeBytes(in, index, length);
    }

    private void writeOut() {
        ByteBuf present = out;
        if (present != null) {
            out = null;
            channel.write(present, channel.voidPromise());
            written = true;
        }
    }

    void flush() {
        writeOut();
        if (written) {
            written = false;
            channel.flush();
        }
    }

    void close() {
        channel.close();
    }
}
