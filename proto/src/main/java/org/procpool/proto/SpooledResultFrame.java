package org.procpool.proto;

/**
 * Worker to supervisor, data socket: the answer of a handler that returned more than should go through the ring; it
 * lies in a file. Units and ranges stand in worker.proto.
 *
 * @param size in bytes; not positive if the worker lies
 * @param inPlace whether it has taken the place of the payload, so that it has no file of its own
 * @param payloadFree whether the payload's file may get another one
 */
public record SpooledResultFrame(
        long dispatch, long runNanos, boolean retire, boolean onDisk, int size, boolean inPlace, boolean payloadFree)
        implements Frame {

    public static final int KIND = 9;

    /** The file's name, in the directory that the supervisor has named for that. */
    public static String fileName(int slot, long generation, long dispatch) {
        return prefix(slot, generation) + dispatch;
    }

    /** With what the names of all such files of one worker begin. */
    public static String prefix(int slot, long generation) {
        return "w" + slot + "." + generation + "-";
    }

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public int bodySize() {
        return Wire.uintFieldSize(1, dispatch)
                + Wire.uintFieldSize(2, runNanos)
                + Wire.uintFieldSize(3, retire ? 1 : 0)
                + Wire.uintFieldSize(4, onDisk ? 1 : 0)
                + Wire.uintFieldSize(5, Integer.toUnsignedLong(size))
                + Wire.uintFieldSize(6, inPlace ? 1 : 0)
                + Wire.uintFieldSize(7, payloadFree ? 1 : 0);
    }

    @Override
    public void writeBody(WireOutput out) {
        Wire.writeUintField(out, 1, dispatch);
        Wire.writeUintField(out, 2, runNanos);
        Wire.writeUintField(out, 3, retire ? 1 : 0);
        Wire.writeUintField(out, 4, onDisk ? 1 : 0);
        Wire.writeUintField(out, 5, Integer.toUnsignedLong(size));
        Wire.writeUintField(out, 6, inPlace ? 1 : 0);
        Wire.writeUintField(out, 7, payloadFree ? 1 : 0);
    }

    /** Reads the message that {@link Wire#enterMessage} has narrowed the input to. */
    public static SpooledResultFrame read(WireInput in) {
        long dispatch = 0;
        long runNanos = 0;
        boolean retire = false;
        boolean onDisk = false;
        int size = 0;
        boolean inPlace = false;
        boolean payloadFree = false;
        while (in.remaining() > 0) {
            int tag = Wire.readTag(in);
            switch (tag) {
                case 1 << 3 | Wire.VARINT -> dispatch = Wire.readVarint(in);
                case 2 << 3 | Wire.VARINT -> runNanos = Wire.readVarint(in);
                case 3 << 3 | Wire.VARINT -> retire = Wire.readVarint(in) != 0;
                case 4 << 3 | Wire.VARINT -> onDisk = Wire.readVarint(in) != 0;
                case 5 << 3 | Wire.VARINT -> size = Wire.readUint32(in);
                case 6 << 3 | Wire.VARINT -> inPlace = Wire.readVarint(in) != 0;
                case 7 << 3 | Wire.VARINT -> payloadFree = Wire.readVarint(in) != 0;
                default -> Wire.skip(in, tag);
            }
        }
        return new SpooledResultFrame(dispatch, runNanos, retire, onDisk, size, inPlace, payloadFree);
    }
}
