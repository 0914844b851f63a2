/**
 * Worker processes as the operating system has them: launching, killing, reaping, what they print, and the directory
 * that holds their sockets. Everything here may block and none of it runs on the pool's loop; results come back as
 * calls on {@link org.procpool.process.ProcessEvents}. May not import the conductor, the link or Netty.
 */
@NullMarked
package org.procpool.process;

import org.jspecify.annotations.NullMarked;
