/**
 * Values that every room of the pool shares: task specifications, outcomes, exits and reasons. All immutable; imports
 * only {@code org.procpool.proto}.
 */
@NullMarked
package org.procpool.task;

import org.jspecify.annotations.NullMarked;
