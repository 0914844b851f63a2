/**
 * The Java client of the procpool service: one connection with two threads, futures for outcomes. Owns sockets, the
 * window of tasks in flight and reconnecting. Imports the JDK, {@code org.procpool.proto} and, for typed calls only,
 * {@code org.procpool.codec}; no Netty and no generated classes, so that it is light to embed and quick to start.
 */
@NullMarked
package org.procpool.client;

import org.jspecify.annotations.NullMarked;
