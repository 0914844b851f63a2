package org.procpool.proto;

/** Client to service, first frame of a connection. Units and ranges stand in client.proto. */
public record ClientHelloFrame(
        int magic, int protocolVersion, String token, String clientName, OnDisconnect onDisconnect) implements Frame {

    public static final int KIND = 1;

    /** A Hello of this protocol and version, without a token. */
    public static ClientHelloFrame of(String clientName, OnDisconnect onDisconnect) {
        return new ClientHelloFrame(Wire.CLIENT_MAGIC, Wire.PROTOCOL_VERSION, "", clientName, onDisconnect);
    }

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public int bodySize() {
        return Wire.fixed32FieldSize(1, magic)
                + Wire.uintFieldSize(2, Integer.toUnsignedLong(protocolVersion))
                + Wire.stringFieldSize(3, token)
                + Wire.stringFieldSize(4, clientName)
                + Wire.uintFieldSize(5, onDisconnect.code());
    }

    @Override
    public void writeBody(WireOutput out) {
        Wire.writeFixed32Field(out, 1, magic);
        Wire.writeUintField(out, 2, Integer.toUnsignedLong(protocolVersion));
        Wire.writeStringField(out, 3, token);
        Wire.writeStringField(out, 4, clientName);
        Wire.writeUintField(out, 5, onDisconnect.code());
    }

    /** Reads the message that {@link Wire#enterMessage} has narrowed the input to. */
    public static ClientHelloFrame read(WireInput in) {
        int magic = 0;
        int protocolVersion = 0;
        String token = "";
        String clientName = "";
        OnDisconnect onDisconnect = OnDisconnect.CANCEL_QUEUED;
        while (in.remaining() > 0) {
            int tag = Wire.readTag(in);
            switch (tag) {
                case 1 << 3 | Wire.FIXED32 -> magic = Wire.readFixed32(in);
                case 2 << 3 | Wire.VARINT -> protocolVersion = Wire.readUint32(in);
                case 3 << 3 | Wire.BYTES -> token = Wire.readString(in);
                case 4 << 3 | Wire.BYTES -> clientName = Wire.readString(in);
                case 5 << 3 | Wire.VARINT -> onDisconnect = OnDisconnect.ofCode(Wire.readUint32(in));
                default -> Wire.skip(in, tag);
            }
        }
        return new ClientHelloFrame(magic, protocolVersion, token, clientName, onDisconnect);
    }
}
