/**
 * The embeddable pool: {@link org.procpool.ProcessPool} for those who use it, and the loop that ties the rooms
 * together. This is the only package that knows both the conductor and the I/O.
 */
@NullMarked
package org.procpool;

import org.jspecify.annotations.NullMarked;
