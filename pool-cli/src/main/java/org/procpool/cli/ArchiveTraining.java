package org.procpool.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.procpool.proto.AcceptedFrame;
import org.procpool.proto.ByteBufferOutput;
import org.procpool.proto.Frame;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;
import org.procpool.proto.ResultFrame;
import org.procpool.proto.ServerWelcomeFrame;

/**
 * Runs the quick commands once against a server that only pretends, so that the launcher's class-data archive gets the
 * classes that they need. Started by {@code bin/procpool} beside the first quick command, never by people.
 */
public final class ArchiveTraining {

    private static final long CORRELATION = 1;
    private static final String STATUS = "{\"state\":\"RUNNING\",\"workers\":[{\"id\":1,\"pid\":1}],\"queue\":{}}";

    private ArchiveTraining() {}

    public static void main(String[] args) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket tasks = new ServerSocket(0, 1, loopback);
                ServerSocket admin = new ServerSocket(0, 1, loopback)) {
            serve("tasks", tasks, ArchiveTraining::answerTask);
            serve("admin", admin, ArchiveTraining::answerStatus);
            Main.run("submit", "echo", "--text", "x", "--show", "json", "--server", address(tasks));
            Main.run("submit", "echo", "--json", "{}", "--server", address(tasks));
            Main.run("status", "--admin", address(admin));
        }
        System.exit(0);
    }

    private static String address(ServerSocket server) {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /** What to say on one connection. */
    private interface Conversation {
        void with(Socket client) throws IOException;
    }

    private static void serve(String name, ServerSocket server, Conversation conversation) {
        Thread thread = new Thread(
                () -> {
                    while (!server.isClosed()) {
                        try (Socket client = server.accept()) {
                            conversation.with(client);
                        } catch (IOException e) {
                            // The end of the training; without an archive all works too.
                            return;
                        }
                    }
                },
                "training-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void answerTask(Socket client) throws IOException {
        await(client);
        send(client, new ServerWelcomeFrame(1, "training", 16, 1 << 20, 1 << 20, List.of("echo")));
        await(client);
        send(client, new AcceptedFrame(CORRELATION, 1, 0));
        Payload payload = Payload.of("x");
        send(client, new ResultFrame(CORRELATION, 1, OutcomeKind.SUCCEEDED, 1, 1, 1, 1, 1, null, payload));
        // Until the client has closed its end, or it would see a lost connection.
        client.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    private static void answerStatus(Socket client) throws IOException {
        await(client);
        String head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + STATUS.length() + "\r\n\r\n";
        client.getOutputStream().write(Console.utf8(head + STATUS));
    }

    /** Waits for something to be said; one read has all of a small message on the loopback. */
    private static void await(Socket client) throws IOException {
        InputStream in = client.getInputStream();
        if (in.read(new byte[4096]) < 0) {
            throw new IOException("the client left");
        }
    }

    private static void send(Socket client, Frame frame) throws IOException {
        ByteBufferOutput out = new ByteBufferOutput(false, 256, 256);
        frame.write(out);
        Console.copy(Payload.of(out.content()), client.getOutputStream());
    }
}
