package org.procpool.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Has a channel read straight to where the bytes are to lie, as long as somebody knows that. Used on the loop only. */
final class PlacedReads extends DefaultMaxMessagesRecvByteBufAllocator {

    private final Supplier<@Nullable ByteBuf> place;
    private final int usualBytes;

    /**
     * @param place empty, with the room that may be used; null if the next bytes go to a buffer as usual
     * @param usualBytes size of that buffer
     */
    PlacedReads(Supplier<@Nullable ByteBuf> place, int usualBytes) {
        this.place = place;
        this.usualBytes = usualBytes;
    }

    @Override
    @SuppressWarnings("deprecation") // Netty has nothing else for who makes the buffers himself.
    public Handle newHandle() {
        return new MaxMessageHandle() {
            private boolean placed;

            @Override
            public int guess() {
                return usualBytes;
            }

            @Override
            public ByteBuf allocate(ByteBufAllocator allocator) {
                ByteBuf known = place.get();
                placed = known != null;
                return known == null ? super.allocate(allocator) : known;
            }

            @Override
            public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
                // One of them is as much as all others of a turn.
                return !placed && super.continueReading(maybeMore);
            }
        };
    }
}
