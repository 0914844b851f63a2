package org.procpool.proto;

/** A message that is one text, in field 1. */
interface TextFrame extends Frame {

    String message();

    @Override
    default int bodySize() {
        return Wire.stringFieldSize(1, message());
    }

    @Override
    default void writeBody(WireOutput out) {
        Wire.writeStringField(out, 1, message());
    }

    /** Reads the text of the message that {@link Wire#enterMessage} has narrowed the input to. */
    static String read(WireInput in) {
        String message = "";
        while (in.remaining() > 0) {
            int tag = Wire.readTag(in);
            if (tag == Wire.tag(1, Wire.BYTES)) {
                message = Wire.readString(in);
            } else {
                Wire.skip(in, tag);
            }
        }
        return message;
    }
}
