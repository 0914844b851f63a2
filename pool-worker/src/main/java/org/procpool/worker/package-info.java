/**
 * The child process: the handler API and the runtime that runs one task at a time.
 *
 * <p>Owns the worker's two sockets, the handlers' class loader and everything between a task that arrived and its
 * result on the wire. Boots in a tenth of a second, so it imports the JDK, {@code org.procpool.proto},
 * {@code org.procpool.recorder} and, for typed
 * handlers only, {@code org.procpool.codec}; no Netty, no logging framework, no generated protobuf classes.
 */
@NullMarked
package org.procpool.worker;

import org.jspecify.annotations.NullMarked;
