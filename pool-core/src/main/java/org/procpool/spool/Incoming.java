package org.procpool.spool;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.Payload;

/** A large payload on its way into its file. Owned by who receives it. */
public interface Incoming {

    /**
     * Appends the next bytes. In memory that is done at once, on a disk later and in the order of the calls; then the
     * owner should take no more until it is told.
     *
     * @param next moved beyond them
     * @param written called by the spool's thread if that is later
     * @return whether it is done already
     */
    boolean write(ByteBuf next, int length, Runnable written);

    /**
     * Where the next bytes are to lie, so that they need not be copied there: whoever reads some into it writes that
     * very buffer next.
     *
     * @return empty and with no room for more than is still to come; null if they have to be copied
     */
    default @Nullable ByteBuf place() {
        return null;
    }

    /**
     * All is written: the payload, which whoever gets it releases.
     *
     * @throws IOException if it could not be written; it is gone then
     */
    Payload end() throws IOException;

    /** It will not come to its end: gives everything back, once. */
    void abandon();
}
