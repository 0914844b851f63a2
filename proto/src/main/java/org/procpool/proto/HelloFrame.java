package org.procpool.proto;

import static org.procpool.proto.Wire.utf8;

import java.util.ArrayList;
import java.util.List;

/** Worker to supervisor, first frame of both sockets. Units and ranges stand in worker.proto. */
public record HelloFrame(
        int protocolVersion,
        long pid,
        byte[] token,
        Role role,
        List<String> taskNames,
        boolean recorder,
        boolean spool,
        boolean probe)
        implements Frame {

    public static final int KIND = 1;

    /** Of a worker that takes and gives large payloads through its sockets, like all others, and answers no probes. */
    public HelloFrame(
            int protocolVersion, long pid, byte[] token, Role role, List<String> taskNames, boolean recorder) {
        this(protocolVersion, pid, token, role, taskNames, recorder, false, false);
    }

    /** Which of the worker's two sockets says Hello; the order is that of worker.proto. */
    public enum Role {
        DATA,
        CONTROL
    }

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public int bodySize() {
        int size = Wire.uintFieldSize(1, Integer.toUnsignedLong(protocolVersion))
                + Wire.uintFieldSize(2, pid)
                + Wire.bytesFieldSize(3, token.length)
                + Wire.uintFieldSize(4, role.ordinal());
        for (String name : taskNames) {
            size += Wire.elementSize(5, utf8(name).length);
        }
        return size
                + Wire.uintFieldSize(6, recorder ? 1 : 0)
                + Wire.uintFieldSize(7, spool ? 1 : 0)
                + Wire.uintFieldSize(8, probe ? 1 : 0);
    }

    @Override
    public void writeBody(WireOutput out) {
        Wire.writeUintField(out, 1, Integer.toUnsignedLong(protocolVersion));
        Wire.writeUintField(out, 2, pid);
        Wire.writeBytesField(out, 3, token);
        Wire.writeUintField(out, 4, role.ordinal());
        for (String name : taskNames) {
            Wire.writeElement(out, 5, utf8(name));
        }
        Wire.writeUintField(out, 6, recorder ? 1 : 0);
        Wire.writeUintField(out, 7, spool ? 1 : 0);
        Wire.writeUintField(out, 8, probe ? 1 : 0);
    }

    /** Reads the message that {@link Wire#enterMessage} has narrowed the input to. */
    public static HelloFrame read(WireInput in) {
        int protocolVersion = 0;
        long pid = 0;
        byte[] token = new byte[0];
        Role role = Role.DATA;
        List<String> taskNames = new ArrayList<>();
        boolean recorder = false;
        boolean spool = false;
        boolean probe = false;
        while (in.remaining() > 0) {
            int tag = Wire.readTag(in);
            switch (tag) {
                case 1 << 3 | Wire.VARINT -> protocolVersion = Wire.readUint32(in);
                case 2 << 3 | Wire.VARINT -> pid = Wire.readVarint(in);
                case 3 << 3 | Wire.BYTES -> token = in.readBytes(Wire.readLength(in));
                case 4 << 3 | Wire.VARINT -> role = Wire.readUint32(in) == 0 ? Role.DATA : Role.CONTROL;
                case 5 << 3 | Wire.BYTES -> taskNames.add(Wire.readString(in));
                case 6 << 3 | Wire.VARINT -> recorder = Wire.readVarint(in) != 0;
                case 7 << 3 | Wire.VARINT -> spool = Wire.readVarint(in) != 0;
                case 8 << 3 | Wire.VARINT -> probe = Wire.readVarint(in) != 0;
                default -> Wire.skip(in, tag);
            }
        }
        return new HelloFrame(protocolVersion, pid, token, role, List.copyOf(taskNames), recorder, spool, probe);
    }
}
