package org.procpool.client;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;

/** The bytes of one connection. One thread may read while another writes; closing it ends both. */
interface Link extends AutoCloseable {

    /** For its time-outs. */
    Socket socket();

    /** Reads once; answers the number of bytes, -1 at the end. */
    int read(ByteBuffer into) throws IOException;

    /**
     * Writes all of it. If that fails, the position is at or behind the last byte that the peer can have got.
     */
    void write(ByteBuffer bytes) throws IOException;

    /** Says that nothing more will come, where that can be said without ending the other direction; false if not. */
    boolean shutdownOutput();

    @Override
    void close();
}
