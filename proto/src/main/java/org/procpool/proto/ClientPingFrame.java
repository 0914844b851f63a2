package org.procpool.proto;

/** Client to service: answer with {@link ServerPongFrame} and the same nonce. */
public record ClientPingFrame(long nonce) implements Frame {

    public static final int KIND = 5;

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public int bodySize() {
        return Wire.uintFieldSize(1, nonce);
    }

    @Override
    public void writeBody(WireOutput out) {
        Wire.writeUintField(out, 1, nonce);
    }

    /** Reads the message that {@link Wire#enterMessage} has narrowed the input to. */
    public static ClientPingFrame read(WireInput in) {
        long nonce = 0;
        while (in.remaining() > 0) {
            int tag = Wire.readTag(in);
            switch (tag) {
                case 1 << 3 | Wire.VARINT -> nonce = Wire.readVarint(in);
                default -> Wire.skip(in, tag);
            }
        }
        return new ClientPingFrame(nonce);
    }
}
