/** Tests of the conductor's data structures, one by one; the whole is tested by the simulation. */
@NullMarked
package org.procpool.conductor;

import org.jspecify.annotations.NullMarked;
