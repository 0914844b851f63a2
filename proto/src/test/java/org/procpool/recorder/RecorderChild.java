package org.procpool.recorder;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.Random;

/** What the tests run in another process. */
final class RecorderChild {

    private RecorderChild() {}

    public static void main(String[] arguments) throws IOException {
        switch (arguments[0]) {
            case "clock" -> System.out.println(System.nanoTime());
            case "claim" -> claim(Path.of(arguments[1]), Integer.parseInt(arguments[2]));
            case "work" ->
                work(
                        Path.of(arguments[1]),
                        Path.of(arguments[2]),
                        Path.of(arguments[3]),
                        new Samples(Long.parseLong(arguments[4]), Integer.parseInt(arguments[5])));
            case "full" -> full(Path.of(arguments[1]));
            case "cut" -> cut(Path.of(arguments[1]));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /** Claims 1 to count, each as soon as standard input says that it is offered; says at the end which it got. */
    private static void claim(Path file, int count) throws IOException {
        WorkerPage page = WorkerPage.map(file);
        DataInputStream in = new DataInputStream(new BufferedInputStream(System.in));
        Random random = new Random(count);
        BitSet started = new BitSet();
        int offered = 0;
        for (int dispatch = 1; dispatch <= count; dispatch++) {
            if (dispatch > offered) {
                offered = in.readInt();
            }
            if (page.tryStart(dispatch, System.nanoTime())) {
                started.set(dispatch);
            }
            page.publishConsumed(dispatch);
            for (int i = random.nextInt(64); i > 0; i--) {
                Thread.onSpinWait();
            }
        }
        System.out.write(started.toByteArray());
        System.out.flush();
    }

    /** Runs what comes through the socket until it is killed: claim, evidence in a file, result. */
    private static void work(Path file, Path socket, Path evidence, Samples samples) throws IOException {
        WorkerPage page = WorkerPage.map(file);
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                FileChannel log = FileChannel.open(evidence, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            RingWriter writer = page.writer(channel);
            ByteBuffer tasks = ByteBuffer.allocateDirect(4096);
            ByteBuffer entry = ByteBuffer.allocateDirect(Long.BYTES);
            Random random = new Random(samples.hashCode());
            long consumed = 0;
            while (channel.read(tasks) >= 0) {
                tasks.flip();
                while (tasks.remaining() >= Long.BYTES) {
                    long dispatch = tasks.getLong();
                    consumed += Long.BYTES;
                    boolean mine = page.tryStart(dispatch, System.nanoTime());
                    page.publishConsumed(consumed);
                    if (mine) {
                        log.write(entry.clear().putLong(dispatch).flip());
                        samples.result(dispatch).write(writer);
                        writer.publish();
                    }
                    if (random.nextInt(20) == 0) {
                        writer.flush();
                    }
                }
                tasks.compact();
                writer.flush();
            }
        }
    }

    /** Makes pages until the file system is full, which must be an exception and leave nothing. */
    private static void full(Path directory) throws IOException {
        int made = 0;
        try {
            while (made < 1_000) {
                SupervisorPage.create(directory.resolve("page" + made), new RecorderOptions(16, 1 << 16));
                made++;
            }
        } catch (IOException e) {
            System.out.println(
                    made + " pages, " + Files.exists(directory.resolve("page" + made)) + ", " + e.getMessage());
        }
    }

    /** Uses a page that loses its file in the middle, with cold and with hot code. */
    private static void cut(Path file) throws IOException {
        int refused = 0;
        for (int turns : new int[] {1, 100, 50_000}) {
            try (SupervisorPage page = SupervisorPage.create(file, new RecorderOptions(16, 4096));
                    FileChannel other = FileChannel.open(page.file(), StandardOpenOption.WRITE)) {
                long dispatch = 0;
                for (int i = 0; i < turns; i++) {
                    use(page, ++dispatch);
                }
                other.truncate(0);
                for (int i = 0; i < 10; i++) {
                    try {
                        use(page, ++dispatch);
                        page.verify(0);
                    } catch (CorruptRecorderException | InternalError e) {
                        refused++;
                    }
                }
            }
        }
        System.out.println("refused " + refused);
    }

    private static void use(SupervisorPage page, long dispatch) {
        page.offer(dispatch);
        page.publishParsed(page.written());
        page.consumed(0);
        page.revoke(dispatch);
    }
}
