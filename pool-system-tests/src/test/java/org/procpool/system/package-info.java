/**
 * Real processes, real sockets, real signals against the whole. Every test ends what it started; {@link
 * org.procpool.system.LeakCheck} looks after it.
 */
@NullMarked
package org.procpool.system;

import org.jspecify.annotations.NullMarked;
