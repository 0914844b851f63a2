package org.procpool.bench.floor;

import io.netty.buffer.ByteBuf;

/** Finds where frames end in a stream that comes in pieces. */
final class FrameEnds {

    /** Bytes of the present frame that were passed; 0 = between two frames. */
    private int at;

    /** Of the present frame, as far as its bytes were passed. */
    private int payloadBytes;

    boolean isBetween() {
        return at == 0;
    }

    /** How many of those bytes belong to the present frame; they are passed with it. From 1. */
    int pass(ByteBuf in, int index, int available) {
        if (at == 0 && available >= Integer.BYTES) {
            payloadBytes = in.getInt(index);
        } else if (at < Integer.BYTES) {
            return passLength(in, index, available);
        }
        int taken = Math.min(available, FloorFrames.HEAD_BYTES + payloadBytes - at);
        at += taken;
        if (at == FloorFrames.HEAD_BYTES + payloadBytes) {
            at = 0;
        }
        return taken;
    }

    /** Only bytes of the length, of which not all are there. */
    private int passLength(ByteBuf in, int index, int available) {
        if (at == 0) {
            payloadBytes = 0;
        }
        int taken = Math.min(available, Integer.BYTES - at);
        for (int i = 0; i < taken; i++) {
            payloadBytes = payloadBytes << Byte.SIZE | in.getUnsignedByte(index + i);
        }
        at += taken;
        return taken;
    }
}
