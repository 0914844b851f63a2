package org.procpool.proto;

/** Service to client: finish what you have here and connect elsewhere; every further Submit is REJECTED. */
public record GoAwayFrame(String reason) implements Frame {

    public static final int KIND = 7;

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public int bodySize() {
        return Wire.stringFieldSize(1, reason);
    }

    @Override
    public void writeBody(WireOutput out) {
        Wire.writeStringField(out, 1, reason);
    }

    /** Reads the message that {@link Wire#enterMessage} has narrowed the input to. */
    public static GoAwayFrame read(WireInput in) {
        String reason = "";
        while (in.remaining() > 0) {
            int tag = Wire.readTag(in);
            switch (tag) {
                case 1 << 3 | Wire.BYTES -> reason = Wire.readString(in);
                default -> Wire.skip(in, tag);
            }
        }
        return new GoAwayFrame(reason);
    }
}
