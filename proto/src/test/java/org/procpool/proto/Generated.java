package org.procpool.proto;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import org.procpool.proto.pb.ClientProtocol;
import org.procpool.proto.pb.ClientProtocol.ClientMessage;
import org.procpool.proto.pb.ClientProtocol.ServerMessage;
import org.procpool.proto.pb.WorkerProtocol;
import org.procpool.proto.pb.WorkerProtocol.SupervisorMessage;
import org.procpool.proto.pb.WorkerProtocol.WorkerMessage;

/** The same message as an object of the generated classes. */
final class Generated {

    private Generated() {}

    static Message of(Direction direction, Frame frame) {
        return switch (direction) {
            case CLIENT -> client(frame).build();
            case SERVER -> server(frame).build();
            case SUPERVISOR -> supervisor(frame).build();
            case WORKER -> worker(frame).build();
        };
    }

    private static ClientMessage.Builder client(Frame frame) {
        ClientMessage.Builder message = ClientMessage.newBuilder();
        if (frame instanceof ClientHelloFrame f) {
            return message.setHello(ClientProtocol.ClientHello.newBuilder()
                    .setMagic(f.magic())
                    .setProtocolVersion(f.protocolVersion())
                    .setToken(f.token())
                    .setClientName(f.clientName())
                    .setOnDisconnectValue(f.onDisconnect().code()));
        } else if (frame instanceof SubmitFrame f) {
            return message.setSubmit(submit(f));
        } else if (frame instanceof ClientCancelFrame f) {
            return message.setCancel(ClientProtocol.Cancel.newBuilder()
                    .setCorrelation(f.correlation())
                    .setTaskId(f.taskId()));
        } else if (frame instanceof QueryFrame f) {
            return message.setQuery(ClientProtocol.Query.newBuilder()
                    .setCorrelation(f.correlation())
                    .setTaskId(f.taskId())
                    .setWaitMillis(f.waitMillis()));
        } else if (frame instanceof ClientPingFrame f) {
            return message.setPing(ClientProtocol.Ping.newBuilder().setNonce(f.nonce()));
        }
        throw new AssertionError(frame);
    }

    private static ClientProtocol.Submit.Builder submit(SubmitFrame f) {
        ClientProtocol.Submit.Builder submit = ClientProtocol.Submit.newBuilder()
                .setCorrelation(f.correlation())
                .setTask(f.task())
                .setTtlMillis(f.ttlMillis())
                .setRunTimeoutMillis(f.runTimeoutMillis())
                .setMaxAttempts(f.maxAttempts())
                .setDetach(f.detach())
                .setKey(f.key())
                .setRetryOnFailure(f.retry().attempts())
                .setRetryBackoffMillis(f.retry().backoffMillis())
                .setRetryBackoffMaxMillis(f.retry().backoffMaxMillis())
                .setRetireWorker(f.retireWorker())
                .setPayload(bytes(f.payload()));
        return f.priority() == SubmitFrame.PRIORITY_DEFAULT ? submit : submit.setPriority(f.priority());
    }

    private static ServerMessage.Builder server(Frame frame) {
        ServerMessage.Builder message = ServerMessage.newBuilder();
        if (frame instanceof ServerWelcomeFrame f) {
            return message.setWelcome(ClientProtocol.ServerWelcome.newBuilder()
                    .setProtocolVersion(f.protocolVersion())
                    .setServer(f.server())
                    .setWindowTasks(f.windowTasks())
                    .setWindowBytes(f.windowBytes())
                    .setPayloadBytesMax(f.payloadBytesMax())
                    .addAllTaskNames(f.taskNames()));
        } else if (frame instanceof AcceptedFrame f) {
            return message.setAccepted(ClientProtocol.Accepted.newBuilder()
                    .setCorrelation(f.correlation())
                    .setTaskId(f.taskId())
                    .setMore(f.more()));
        } else if (frame instanceof ResultFrame f) {
            return message.setResult(result(f));
        } else if (frame instanceof ProgressFrame f) {
            return message.setProgress(ClientProtocol.Progress.newBuilder()
                    .setCorrelation(f.correlation())
                    .setTaskId(f.taskId())
                    .setFraction(f.fraction())
                    .setNote(f.note()));
        } else if (frame instanceof TaskStatusFrame f) {
            return message.setStatus(ClientProtocol.TaskStatus.newBuilder()
                    .setCorrelation(f.correlation())
                    .setTaskId(f.taskId())
                    .setStateValue(f.state().code())
                    .setDetail(f.detail()));
        } else if (frame instanceof ServerPongFrame f) {
            return message.setPong(ClientProtocol.Pong.newBuilder().setNonce(f.nonce()));
        } else if (frame instanceof GoAwayFrame f) {
            return message.setGoAway(ClientProtocol.GoAway.newBuilder().setReason(f.reason()));
        } else if (frame instanceof ErrorFrame f) {
            return message.setError(
                    ClientProtocol.Error.newBuilder().setCode(f.code()).setMessage(f.message()));
        }
        throw new AssertionError(frame);
    }

    private static ClientProtocol.Result.Builder result(ResultFrame f) {
        ClientProtocol.Result.Builder result = ClientProtocol.Result.newBuilder()
                .setCorrelation(f.correlation())
                .setTaskId(f.taskId())
                .setOutcomeValue(f.outcome().code())
                .setWorkerId(f.workerId())
                .setWorkerPid(f.workerPid())
                .setAttempts(f.attempts())
                .setQueuedMicros(f.queuedMicros())
                .setRunMicros(f.runMicros())
                .setPayload(bytes(f.payload()));
        TaskError error = f.error();
        return error == null
                ? result
                : result.setError(ClientProtocol.TaskError.newBuilder()
                        .setType(error.type())
                        .setMessage(error.message())
                        .setStack(error.stack())
                        .setOutputTail(error.outputTail())
                        .setAutopsy(error.autopsy()));
    }

    private static SupervisorMessage.Builder supervisor(Frame frame) {
        SupervisorMessage.Builder message = SupervisorMessage.newBuilder();
        if (frame instanceof WelcomeFrame f) {
            return message.setWelcome(WorkerProtocol.Welcome.newBuilder()
                    .setProtocolVersion(f.protocolVersion())
                    .setPayloadBytesMax(f.payloadBytesMax()));
        } else if (frame instanceof TaskFrame f) {
            return message.setTask(WorkerProtocol.Task.newBuilder()
                    .setDispatch(f.dispatch())
                    .setTaskId(f.taskId())
                    .setAttempt(f.attempt())
                    .setName(f.name())
                    .setRunTimeoutMillis(f.runTimeoutMillis())
                    .setRetire(f.retire())
                    .setPayload(bytes(f.payload())));
        } else if (frame instanceof CancelFrame f) {
            return message.setCancel(WorkerProtocol.Cancel.newBuilder().setDispatch(f.dispatch()));
        } else if (frame instanceof PingFrame f) {
            return message.setPing(WorkerProtocol.Ping.newBuilder().setNonce(f.nonce()));
        } else if (frame == EmptyFrame.DRAIN) {
            return message.setDrain(WorkerProtocol.Drain.getDefaultInstance());
        } else if (frame == EmptyFrame.DUMP) {
            return message.setDump(WorkerProtocol.Dump.getDefaultInstance());
        } else if (frame instanceof SpooledTaskFrame f) {
            return message.setSpooledTask(WorkerProtocol.SpooledTask.newBuilder()
                    .setDispatch(f.dispatch())
                    .setTaskId(f.taskId())
                    .setAttempt(f.attempt())
                    .setName(f.name())
                    .setRunTimeoutMillis(f.runTimeoutMillis())
                    .setPath(f.path())
                    .setSize(f.size())
                    .setRetire(f.retire())
                    .setRoom(f.room()));
        }
        throw new AssertionError(frame);
    }

    private static WorkerMessage.Builder worker(Frame frame) {
        WorkerMessage.Builder message = WorkerMessage.newBuilder();
        if (frame instanceof HelloFrame f) {
            return message.setHello(WorkerProtocol.Hello.newBuilder()
                    .setProtocolVersion(f.protocolVersion())
                    .setPid(f.pid())
                    .setToken(ByteString.copyFrom(f.token()))
                    .setRoleValue(f.role().ordinal())
                    .addAllTaskNames(f.taskNames())
                    .setRecorder(f.recorder())
                    .setSpool(f.spool())
                    .setProbe(f.probe()));
        } else if (frame == EmptyFrame.READY) {
            return message.setReady(WorkerProtocol.Ready.getDefaultInstance());
        } else if (frame instanceof WorkerResultFrame f) {
            return message.setResult(WorkerProtocol.Result.newBuilder()
                    .setDispatch(f.dispatch())
                    .setFailed(f.failed())
                    .setRunNanos(f.runNanos())
                    .setRetire(f.retire())
                    .setErrorType(f.errorType())
                    .setErrorMessage(f.errorMessage())
                    .setErrorStack(f.errorStack())
                    .setOutputTail(f.outputTail())
                    .setPayloadFree(f.payloadFree())
                    .setPayload(bytes(f.payload())));
        } else if (frame instanceof WorkerProgressFrame f) {
            return message.setProgress(WorkerProtocol.Progress.newBuilder()
                    .setDispatch(f.dispatch())
                    .setFraction(f.fraction())
                    .setNote(f.note()));
        } else if (frame instanceof SpooledResultFrame f) {
            return message.setSpooledResult(WorkerProtocol.SpooledResult.newBuilder()
                    .setDispatch(f.dispatch())
                    .setRunNanos(f.runNanos())
                    .setRetire(f.retire())
                    .setOnDisk(f.onDisk())
                    .setSize(f.size())
                    .setInPlace(f.inPlace())
                    .setPayloadFree(f.payloadFree()));
        } else if (frame instanceof StartedFrame f) {
            return message.setStarted(WorkerProtocol.Started.newBuilder().setDispatch(f.dispatch()));
        } else if (frame instanceof PongFrame f) {
            return message.setPong(WorkerProtocol.Pong.newBuilder().setNonce(f.nonce()));
        } else if (frame instanceof BootFailedFrame f) {
            return message.setBootFailed(WorkerProtocol.BootFailed.newBuilder().setReason(f.reason()));
        } else if (frame instanceof ThreadDumpFrame f) {
            return message.setThreadDump(WorkerProtocol.ThreadDump.newBuilder().setText(f.text()));
        }
        throw new AssertionError(frame);
    }

    /**
     * What the hand-written readers make of a parsed message: numbers of later versions become the nearest thing that
     * this version knows, and a priority that says the default is no priority.
     */
    static Message known(Message message) {
        if (message instanceof ClientMessage m && m.hasHello()) {
            int rule = OnDisconnect.ofCode(m.getHello().getOnDisconnectValue()).code();
            return m.toBuilder()
                    .setHello(m.getHello().toBuilder().setOnDisconnectValue(rule))
                    .build();
        } else if (message instanceof ClientMessage m
                && m.hasSubmit()
                && m.getSubmit().getPriority() == SubmitFrame.PRIORITY_DEFAULT) {
            return m.toBuilder()
                    .setSubmit(m.getSubmit().toBuilder().clearPriority())
                    .build();
        } else if (message instanceof ServerMessage m && m.hasResult()) {
            int outcome = OutcomeKind.ofCode(m.getResult().getOutcomeValue()).code();
            return m.toBuilder()
                    .setResult(m.getResult().toBuilder().setOutcomeValue(outcome))
                    .build();
        } else if (message instanceof ServerMessage m && m.hasStatus()) {
            int state = TaskState.ofCode(m.getStatus().getStateValue()).code();
            return m.toBuilder()
                    .setStatus(m.getStatus().toBuilder().setStateValue(state))
                    .build();
        } else if (message instanceof WorkerMessage m && m.hasHello()) {
            int role = m.getHello().getRoleValue() == 0 ? 0 : 1;
            return m.toBuilder()
                    .setHello(m.getHello().toBuilder().setRoleValue(role))
                    .build();
        }
        return message;
    }

    private static ByteString bytes(Payload payload) {
        return ByteString.copyFrom(payload.buffer());
    }
}
