package org.procpool.proto;

/** A message that is one number, in field 1. */
interface NumberFrame extends Frame {

    long number();

    @Override
    default int bodySize() {
        return Wire.uintFieldSize(1, number());
    }

    @Override
    default void writeBody(WireOutput out) {
        Wire.writeUintField(out, 1, number());
    }

    /** Reads the number of the message that {@link Wire#enterMessage} has narrowed the input to. */
    static long read(WireInput in) {
        long number = 0;
        while (in.remaining() > 0) {
            int tag = Wire.readTag(in);
            if (tag == Wire.tag(1, Wire.VARINT)) {
                number = Wire.readVarint(in);
            } else {
                Wire.skip(in, tag);
            }
        }
        return number;
    }
}
