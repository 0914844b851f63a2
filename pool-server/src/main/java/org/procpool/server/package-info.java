/** The service around a pool: composes its rooms and leads them through start, drain and stop. */
@NullMarked
package org.procpool.server;

import org.jspecify.annotations.NullMarked;
