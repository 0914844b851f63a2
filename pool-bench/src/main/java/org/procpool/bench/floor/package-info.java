/**
 * The processes of the floors: a relay that only moves bytes and workers that only answer them. They are what a service
 * of this shape cannot be faster than, so they do nothing that they need not. May import nothing of procpool's.
 */
@NullMarked
package org.procpool.bench.floor;

import org.jspecify.annotations.NullMarked;
