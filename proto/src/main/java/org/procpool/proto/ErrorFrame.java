package org.procpool.proto;

/** Service to client: why the connection is closed after this frame. */
public record ErrorFrame(String code, String message) implements Frame {

    public static final int KIND = 8;

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public int bodySize() {
        return Wire.stringFieldSize(1, code) + Wire.stringFieldSize(2, message);
    }

    @Override
    public void writeBody(WireOutput out) {
        Wire.writeStringField(out, 1, code);
        Wire.writeStringField(out, 2, message);
    }

    /** Reads the message that {@link Wire#enterMessage} has narrowed the input to. */
    public static ErrorFrame read(WireInput in) {
        String code = "";
        String message = "";
        while (in.remaining() > 0) {
            int tag = Wire.readTag(in);
            switch (tag) {
                case 1 << 3 | Wire.BYTES -> code = Wire.readString(in);
                case 2 << 3 | Wire.BYTES -> message = Wire.readString(in);
                default -> Wire.skip(in, tag);
            }
        }
        return new ErrorFrame(code, message);
    }
}
