package org.procpool.proto;

import static org.procpool.proto.Wire.utf8;

import java.util.ArrayList;
import java.util.List;

/** Service to client: answers Hello. Units and ranges stand in client.proto. */
public record ServerWelcomeFrame(
        int protocolVersion,
        String server,
        int windowTasks,
        long windowBytes,
        long payloadBytesMax,
        List<String> taskNames)
        implements Frame {

    public static final int KIND = 1;

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public int bodySize() {
        int size = Wire.uintFieldSize(1, Integer.toUnsignedLong(protocolVersion))
                + Wire.stringFieldSize(2, server)
                + Wire.uintFieldSize(3, Integer.toUnsignedLong(windowTasks))
                + Wire.uintFieldSize(4, windowBytes)
                + Wire.uintFieldSize(5, payloadBytesMax);
        for (String name : taskNames) {
            size += Wire.elementSize(6, utf8(name).length);
        }
        return size;
    }

    @Override
    public void writeBody(WireOutput out) {
        Wire.writeUintField(out, 1, Integer.toUnsignedLong(protocolVersion));
        Wire.writeStringField(out, 2, server);
        Wire.writeUintField(out, 3, Integer.toUnsignedLong(windowTasks));
        Wire.writeUintField(out, 4, windowBytes);
        Wire.writeUintField(out, 5, payloadBytesMax);
        for (String name : taskNames) {
            Wire.writeElement(out, 6, utf8(name));
        }
    }

    /** Reads the message that {@link Wire#enterMessage} has narrowed the input to. */
    public static ServerWelcomeFrame read(WireInput in) {
        int protocolVersion = 0;
        String server = "";
        int windowTasks = 0;
        long windowBytes = 0;
        long payloadBytesMax = 0;
        List<String> taskNames = new ArrayList<>();
        while (in.remaining() > 0) {
            int tag = Wire.readTag(in);
            switch (tag) {
                case 1 << 3 | Wire.VARINT -> protocolVersion = Wire.readUint32(in);
                case 2 << 3 | Wire.BYTES -> server = Wire.readString(in);
                case 3 << 3 | Wire.VARINT -> windowTasks = Wire.readUint32(in);
                case 4 << 3 | Wire.VARINT -> windowBytes = Wire.readVarint(in);
                case 5 << 3 | Wire.VARINT -> payloadBytesMax = Wire.readVarint(in);
                case 6 << 3 | Wire.BYTES -> taskNames.add(Wire.readString(in));
                default -> Wire.skip(in, tag);
            }
        }
        return new ServerWelcomeFrame(
                protocolVersion, server, windowTasks, windowBytes, payloadBytesMax, List.copyOf(taskNames));
    }
}
