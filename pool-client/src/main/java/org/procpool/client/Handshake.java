package org.procpool.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.ByteBufferOutput;
import org.procpool.proto.ClientHelloFrame;
import org.procpool.proto.ErrorFrame;
import org.procpool.proto.ServerWelcomeFrame;
import org.procpool.proto.Wire;
import org.procpool.proto.WireException;
import org.procpool.proto.WireInput;

/** Opens a connection: socket, Hello, Welcome, within one time-out. */
final class Handshake {

    /** A Welcome lists all task names; nobody sends more than this before it. */
    private static final int WELCOME_BYTES_MAX = 1 << 20;

    /**
     * An open connection.
     *
     * @param frames may hold what came right behind the Welcome
     */
    record Opened(HostPort address, Link link, ServerWelcomeFrame welcome, ServerFrames frames) {}

    private final HostPort address;
    private final ClientAccess access;
    private final long deadlineNanos;
    private final Duration timeout;
    private final ServerFrames frames = new ServerFrames(WELCOME_BYTES_MAX);
    private @Nullable ServerWelcomeFrame welcome;

    private Handshake(HostPort address, ClientAccess access, Duration timeout) {
        this.address = address;
        this.access = access;
        this.timeout = timeout;
        this.deadlineNanos = System.nanoTime() + timeout.toNanos();
    }

    /**
     * Connects; blocks at most for the time-out.
     *
     * @throws ClientException UNREACHABLE, NOT_PROCPOOL, ACCESS, or the code of the server's Error
     */
    static Opened open(HostPort address, ClientAccess access, ClientHelloFrame hello, Duration timeout) {
        return new Handshake(address, access, timeout).open(hello);
    }

    private Opened open(ClientHelloFrame hello) {
        InetSocketAddress resolved = address.resolve();
        if (resolved.isUnresolved()) {
            throw new ClientException(
                    ClientException.UNREACHABLE,
                    "the host '" + address.host() + "' is not known; check the address " + address);
        }
        access.checkToken(resolved.getAddress());
        PlainLink plain = connect(resolved);
        boolean open = false;
        try {
            Opened opened = greet(access.tls() ? secured(plain) : plain, hello);
            open = true;
            return opened;
        } catch (SocketTimeoutException e) {
            throw new ClientException(
                    frames.hasPart() ? ClientException.NOT_PROCPOOL : ClientException.UNREACHABLE,
                    frames.hasPart()
                            ? "what listens on " + address + " sent no Welcome within " + timeout.toMillis()
                                    + " ms, but other bytes; is it a procpool service?"
                            : address + " took the connection but did not answer within " + timeout.toMillis() + " ms",
                    e);

        } catch (WireException e) {
            throw new ClientException(
                    ClientException.NOT_PROCPOOL,
                    "what listens on " + address + " is not a procpool service: " + e.getMessage(),
                    e);
        } catch (IOException e) {
            throw new ClientException(
                    ClientException.UNREACHABLE,
                    // A service that does not like our certificate may close before it can be heard saying so.
                    access.tls()
                            ? "there is no TLS with " + address + ": " + e.getMessage()
                                    + "; does it speak TLS, and do its certificate and ours fit the authorities?"
                            : "the connection to " + address + " broke before it was welcomed: " + e.getMessage(),
                    e);
        } finally {
            if (!open) {
                plain.close();
            }
        }
    }

    private TlsLink secured(PlainLink plain) throws IOException {
        plain.socket().setSoTimeout(millisLeft());
        return TlsLink.over(plain, access.context(), address);
    }

    private PlainLink connect(InetSocketAddress resolved) {
        try {
            return PlainLink.connect(resolved, millisLeft());
        } catch (ConnectException e) {
            throw new ClientException(
                    ClientException.UNREACHABLE,
                    "nothing listens on " + address + "; start one with: procpool serve",
                    e);
        } catch (SocketTimeoutException e) {
            throw new ClientException(
                    ClientException.UNREACHABLE,
                    address + " did not take the connection within " + timeout.toMillis() + " ms",
                    e);
        } catch (IOException e) {
            throw new ClientException(
                    ClientException.UNREACHABLE, "cannot connect to " + address + ": " + e.getMessage(), e);
        }
    }

    private Opened greet(Link link, ClientHelloFrame hello) throws IOException {
        ByteBufferOutput out = new ByteBufferOutput(false, 256, 256);
        hello.write(out);
        link.write(out.content());
        while (welcome == null) {
            link.socket().setSoTimeout(millisLeft());
            if (link.read(frames.room()) < 0) {
                throw new ClientException(
                        ClientException.NOT_PROCPOOL,
                        address + " closed the connection without a word; is it a procpool service"
                                + (access.tls() ? "?" : ", and does it perhaps want TLS?"));
            }

            frames.next(this::onFirst);
        }
        link.socket().setSoTimeout(0);
        frames.frameBytesMax(frameBytesMax(welcome));
        return new Opened(address, link, welcome, frames);
    }

    private void onFirst(int kind, WireInput in) {
        switch (kind) {
            case ServerWelcomeFrame.KIND -> welcome = ServerWelcomeFrame.read(in);
            case ErrorFrame.KIND -> {
                ErrorFrame error = ErrorFrame.read(in);
                throw new ClientException(error.code(), address + " refused the connection: " + error.message());
            }
            default ->
                throw new WireException(
                        WireException.Reason.MALFORMED, "its first frame is of kind " + kind + ", not a Welcome");
        }
    }

    private static int frameBytesMax(ServerWelcomeFrame welcome) {
        long payload = Math.min(welcome.payloadBytesMax() & Long.MAX_VALUE, Integer.MAX_VALUE);
        return (int) Math.min(payload + Wire.ENVELOPE_BYTES_MAX, Integer.MAX_VALUE - 8);
    }

    private int millisLeft() throws SocketTimeoutException {
        long left = deadlineNanos - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException();
        }
        return (int) Math.min(Integer.MAX_VALUE, left / 1_000_000 + 1);
    }
}
