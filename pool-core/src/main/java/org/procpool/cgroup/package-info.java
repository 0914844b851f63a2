/**
 * A control group of its own for each worker, where the system lets this process make some: it bounds the worker's
 * memory, tells whether the kernel has killed it for that, and takes all of its processes along when it ends. Reads and
 * writes small files of the kernel, and never waits for long; not for the pool's loop.
 */
@NullMarked
package org.procpool.cgroup;

import org.jspecify.annotations.NullMarked;
