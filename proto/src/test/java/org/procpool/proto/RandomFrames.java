package org.procpool.proto;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Frames of every kind with seeded values that lean towards the edges. Not thread-safe. */
final class RandomFrames {

    private static final String[] TEXTS = {"", "a", "echo", "grüße", "日本", "\uD83D\uDE00", "\0", "\uFFFD"};

    private final Random random;

    RandomFrames(long seed) {
        random = new Random(seed);
    }

    /** One frame of each kind that the direction has, in the order of their numbers. */
    List<Frame> every(Direction direction) {
        return switch (direction) {
            case CLIENT ->
                List.of(
                        new ClientHelloFrame(uint32(), uint32(), text(), text(), oneOf(OnDisconnect.values())),
                        new SubmitFrame(
                                uint64(), text(), uint32(), uint64(), uint64(), uint32(), flag(), text(), retry(),
                                flag(), payload()),
                        new ClientCancelFrame(uint64(), uint64()),
                        new QueryFrame(uint64(), uint64(), uint64()),
                        new ClientPingFrame(uint64()));
            case SERVER ->
                List.of(
                        new ServerWelcomeFrame(uint32(), text(), uint32(), uint64(), uint64(), texts()),
                        new AcceptedFrame(uint64(), uint64(), uint32()),
                        new ResultFrame(
                                uint64(),
                                uint64(),
                                oneOf(OutcomeKind.values()),
                                uint32(),
                                uint64(),
                                uint32(),
                                uint64(),
                                uint64(),
                                flag() ? null : new TaskError(text(), text(), text(), text(), text()),
                                payload()),
                        new ProgressFrame(uint64(), uint64(), fraction(), text()),
                        new TaskStatusFrame(uint64(), uint64(), oneOf(TaskState.values()), text()),
                        new ServerPongFrame(uint64()),
                        new GoAwayFrame(text()),
                        new ErrorFrame(text(), text()));
            case SUPERVISOR ->
                List.of(
                        new WelcomeFrame(uint32(), uint64()),
                        new TaskFrame(uint64(), uint64(), uint32(), text(), uint64(), flag(), payload()),
                        new CancelFrame(uint64()),
                        new PingFrame(uint64()),
                        EmptyFrame.DRAIN,
                        EmptyFrame.DUMP,
                        new SpooledTaskFrame(
                                uint64(), uint64(), uint32(), text(), uint64(), text(), uint32(), flag(), uint32()));
            case WORKER ->
                List.of(
                        new HelloFrame(
                                uint32(),
                                uint64(),
                                bytes(),
                                oneOf(HelloFrame.Role.values()),
                                texts(),
                                flag(),
                                flag(),
                                flag()),
                        EmptyFrame.READY,
                        new WorkerResultFrame(
                                uint64(), flag(), uint64(), flag(), text(), text(), text(), text(), flag(), payload()),
                        new WorkerProgressFrame(uint64(), fraction(), text()),
                        new PongFrame(uint64()),
                        new BootFailedFrame(text()),
                        new ThreadDumpFrame(text()),
                        new StartedFrame(uint64()),
                        new SpooledResultFrame(uint64(), uint64(), flag(), flag(), uint32(), flag(), flag()));
        };
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    boolean flag() {
        return random.nextBoolean();
    }

    byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(4) == 0 ? random.nextInt(300) : random.nextInt(5)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Any number of bits, so that every length of a varint is about as likely. */
    long uint64() {
        int bits = random.nextInt(Long.SIZE + 1);
        return bits == 0 ? 0 : random.nextLong() >>> Long.SIZE - bits;
    }

    private Retry retry() {
        return flag() ? Retry.NEVER : new Retry(uint32(), uint64(), uint64());
    }

    private int uint32() {
        int bits = random.nextInt(Integer.SIZE + 1);
        return bits == 0 ? 0 : random.nextInt() >>> Integer.SIZE - bits;
    }

    private double fraction() {
        double[] edges = {0, -0.0, 1, 0.5, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE, random.nextDouble()};
        return edges[random.nextInt(edges.length)];
    }

    private String text() {
        return random.nextInt(3) == 0 ? "x".repeat(random.nextInt(200)) : TEXTS[random.nextInt(TEXTS.length)];
    }

    private List<String> texts() {
        return IntStream.range(0, random.nextInt(4)).mapToObj(i -> text()).toList();
    }

    private Payload payload() {
        byte[] bytes = bytes();
        if (flag()) {
            return Payload.of(bytes);
        }
        ByteBuffer direct =
                ByteBuffer.allocateDirect(bytes.length + 2).position(1).limit(bytes.length + 1);
        return Payload.of(direct.put(bytes).flip().position(1));
    }

    private <T> T oneOf(T[] values) {
        return values[random.nextInt(values.length)];
    }
}
