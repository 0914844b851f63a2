/**
 * The sockets: frames in and out of Netty channels, the worker's two connections with their handshake, and which
 * transport this machine has. Runs on the pool's loop and never waits. May not import the conductor or the process
 * room.
 */
@NullMarked
package org.procpool.link;

import org.jspecify.annotations.NullMarked;
