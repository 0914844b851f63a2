package org.procpool.proto;

/** Supervisor to worker, data socket: answers Hello. */
public record WelcomeFrame(int protocolVersion, long payloadBytesMax) implements Frame {

    public static final int KIND = 1;

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public int bodySize() {
        return Wire.uintFieldSize(1, Integer.toUnsignedLong(protocolVersion)) + Wire.uintFieldSize(2, payloadBytesMax);
    }

    @Override
    public void writeBody(WireOutput out) {
        Wire.writeUintField(out, 1, Integer.toUnsignedLong(protocolVersion));
        Wire.writeUintField(out, 2, payloadBytesMax);
    }

    /** Reads the message that {@link Wire#enterMessage} has narrowed the input to. */
    public static WelcomeFrame read(WireInput in) {
        int protocolVersion = 0;
        long payloadBytesMax = 0;
        while (in.remaining() > 0) {
            int tag = Wire.readTag(in);
            switch (tag) {
                case 1 << 3 | Wire.VARINT -> protocolVersion = Wire.readUint32(in);
                case 2 << 3 | Wire.VARINT -> payloadBytesMax = Wire.readVarint(in);
                default -> Wire.skip(in, tag);
            }
        }
        return new WelcomeFrame(protocolVersion, payloadBytesMax);
    }
}
