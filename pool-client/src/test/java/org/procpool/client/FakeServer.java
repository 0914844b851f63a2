package org.procpool.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that does what the test's script says, one thread a connection. Ends all of them when closed. */
final class FakeServer implements AutoCloseable {

    /** Plays the server on one connection; its number counts from 0. */
    interface Script {
        void play(Peer peer, int number) throws IOException;
    }

    private final ServerSocket listener;
    private final Script script;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Thread acceptor = new Thread(this::acceptAll, "fake-server-acceptor");

    FakeServer(Script script) throws IOException {
        this.script = script;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        acceptor.start();
    }

    String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    int connections() {
        return sockets.size();
    }

    private void acceptAll() {
        try {
            while (true) {
                Socket socket = listener.accept();
                int number = sockets.size();
                sockets.add(socket);
                Thread thread = new Thread(() -> play(socket, number), "fake-server-" + number);
                threads.add(thread);
                thread.start();
            }
        } catch (IOException e) {
            // The listener was closed: the test is over.
            return;
        }
    }

    private void play(Socket socket, int number) {
        try (socket) {
            script.play(new Peer(socket), number);
        } catch (IOException e) {
            // The client or the test closed the connection.
            return;
        } catch (RuntimeException | AssertionError e) {
            failures.add(e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        join(acceptor);
        for (Socket socket : sockets) {
            socket.close();
        }
        threads.forEach(FakeServer::join);
        if (!failures.isEmpty()) {
            throw new AssertionError("a script failed", failures.get(0));
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
