package org.procpool.spool;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.Payload;
import org.procpool.proto.SpoolFile;

/** A payload on its way into a slab: where others were before, it is read in place. */
final class SlabIncoming implements Incoming {

    /** Others have their turn, too. */
    private static final int PLACE_BYTES_MAX = 256 * 1024;

    private final Slab slab;
    private final int size;
    private final Owner owner;
    private int bytes;
    /** Where the next bytes were told to go; null if nowhere. */
    private @Nullable ByteBuf place;

    private boolean over;
    /** Why it could not be written; the first reason stays. */
    private @Nullable IOException failure;

    /** Who has slabs. */
    interface Owner {

        /** The payload is whole. */
        SpoolFile lend(Slab slab, int size);

        /** It will not be whole. */
        void discard(Slab slab);
    }

    /** @param size how many bytes will come */
    SlabIncoming(Slab slab, int size, Owner owner) {
        this.slab = slab;
        this.size = size;
        this.owner = owner;
    }

    @Override
    public @Nullable ByteBuf place() {
        place = null;
        try {
            if (failure == null) {
                place = slab.place(bytes, Math.min(size - bytes, PLACE_BYTES_MAX));
            }
        } catch (IOException e) {
            failure = e;
        }
        return place;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // That very buffer is asked for, not one with the same bytes.
    public boolean write(ByteBuf next, int length, Runnable written) {
        int end = next.readerIndex() + length;
        try {
            if (next != place && failure == null) {
                slab.write(bytes, next, length);
            }
        } catch (IOException e) {
            failure = e;
        }
        place = null;
        next.readerIndex(end);
        bytes += length;
        return true;
    }

    @Override
    public Payload end() throws IOException {
        IOException why = failure;
        if (why != null) {
            abandon();
            throw why;
        }
        over = true;
        return Payload.of(owner.lend(slab, bytes));
    }

    @Override
    public void abandon() {
        if (!over) {
            over = true;
            owner.discard(slab);
        }
    }
}
