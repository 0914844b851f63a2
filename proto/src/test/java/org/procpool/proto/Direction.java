package org.procpool.proto;

import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.nio.ByteBuffer;
import org.procpool.proto.pb.ClientProtocol;
import org.procpool.proto.pb.WorkerProtocol;

/** Who speaks to whom: joins the hand-written reader and the generated parser of the same bytes. */
enum Direction {
    CLIENT(Wire.CLIENT_KIND_MAX, ClientProtocol.ClientMessage.parser()) {
        @Override
        Frame readBody(int kind, WireInput in) {
            return switch (kind) {
                case ClientHelloFrame.KIND -> ClientHelloFrame.read(in);
                case SubmitFrame.KIND -> SubmitFrame.read(in, NAMES);
                case ClientCancelFrame.KIND -> ClientCancelFrame.read(in);
                case QueryFrame.KIND -> QueryFrame.read(in);
                case ClientPingFrame.KIND -> ClientPingFrame.read(in);
                default -> throw new AssertionError(kind);
            };
        }
    },
    SERVER(Wire.SERVER_KIND_MAX, ClientProtocol.ServerMessage.parser()) {
        @Override
        Frame readBody(int kind, WireInput in) {
            return switch (kind) {
                case ServerWelcomeFrame.KIND -> ServerWelcomeFrame.read(in);
                case AcceptedFrame.KIND -> AcceptedFrame.read(in);
                case ResultFrame.KIND -> ResultFrame.read(in);
                case ProgressFrame.KIND -> ProgressFrame.read(in);
                case TaskStatusFrame.KIND -> TaskStatusFrame.read(in);
                case ServerPongFrame.KIND -> ServerPongFrame.read(in);
                case GoAwayFrame.KIND -> GoAwayFrame.read(in);
                case ErrorFrame.KIND -> ErrorFrame.read(in);
                default -> throw new AssertionError(kind);
            };
        }
    },
    SUPERVISOR(Wire.SUPERVISOR_KIND_MAX, WorkerProtocol.SupervisorMessage.parser()) {
        @Override
        Frame readBody(int kind, WireInput in) {
            return switch (kind) {
                case WelcomeFrame.KIND -> WelcomeFrame.read(in);
                case TaskFrame.KIND -> TaskFrame.read(in, NAMES);
                case CancelFrame.KIND -> CancelFrame.read(in);
                case PingFrame.KIND -> PingFrame.read(in);
                case 5 -> EmptyFrame.DRAIN;
                case 6 -> EmptyFrame.DUMP;
                case SpooledTaskFrame.KIND -> SpooledTaskFrame.read(in);
                default -> throw new AssertionError(kind);
            };
        }
    },
    WORKER(Wire.WORKER_KIND_MAX, WorkerProtocol.WorkerMessage.parser()) {
        @Override
        Frame readBody(int kind, WireInput in) {
            return switch (kind) {
                case HelloFrame.KIND -> HelloFrame.read(in);
                case 2 -> EmptyFrame.READY;
                case WorkerResultFrame.KIND -> WorkerResultFrame.read(in);
                case WorkerProgressFrame.KIND -> WorkerProgressFrame.read(in);
                case PongFrame.KIND -> PongFrame.read(in);
                case BootFailedFrame.KIND -> BootFailedFrame.read(in);
                case ThreadDumpFrame.KIND -> ThreadDumpFrame.read(in);
                case StartedFrame.KIND -> StartedFrame.read(in);
                case SpooledResultFrame.KIND -> SpooledResultFrame.read(in);
                default -> throw new AssertionError(kind);
            };
        }
    };

    private static final NameCache NAMES = new NameCache();

    private final int kindMax;
    private final Parser<? extends Message> parser;

    Direction(int kindMax, Parser<? extends Message> parser) {
        this.kindMax = kindMax;
        this.parser = DiscardUnknownFieldsParser.wrap(parser);
    }

    abstract Frame readBody(int kind, WireInput in);

    /** Reads the message of one frame, without its length prefix, by hand. */
    Frame read(byte[] message) {
        WireInput in = new ByteBufferInput(ByteBuffer.wrap(message));
        int kind = Wire.enterMessage(in, kindMax);
        return readBody(kind, in);
    }

    /** Reads it with the generated class; unknown fields are dropped. */
    Message parse(byte[] message) throws InvalidProtocolBufferException {
        return parser.parseFrom(message);
    }
}
