package org.procpool.client;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** TLS over TCP. */
final class TlsLink implements Link {

    /** A record holds no more. */
    private static final int CHUNK_BYTES = 16 * 1024;

    private final PlainLink below;
    private final SSLSocket socket;
    private final byte[] chunk = new byte[CHUNK_BYTES];

    private TlsLink(PlainLink below, SSLSocket socket) {
        this.below = below;
        this.socket = socket;
    }

    /**
     * Shakes hands, within the time-out of the socket below, and makes sure that the service is who it should be.
     *
     * @throws javax.net.ssl.SSLException if it is not, or speaks no TLS
     */
    static TlsLink over(PlainLink below, SSLContext tls, HostPort address) throws IOException {
        SSLSocket socket =
                (SSLSocket) tls.getSocketFactory().createSocket(below.socket(), address.host(), address.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return new TlsLink(below, socket);
    }

    @Override
    public Socket socket() {
        return socket;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        return PlainLink.read(socket, into);
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            int length = Math.min(chunk.length, bytes.remaining());
            // The position moves first: if this fails nobody knows how much of it has gone.
            bytes.get(chunk, 0, length);
            socket.getOutputStream().write(chunk, 0, length);
        }
    }

    /** The service would take it for the end of both directions. */
    @Override
    public boolean shutdownOutput() {
        return false;
    }

    /** From below: a polite end would wait for a write that is stuck. */
    @Override
    public void close() {
        below.close();
    }
}
