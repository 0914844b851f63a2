/**
 * The TCP door for clients. Shares the pool's loop, so a task goes from its client's socket to a worker's without a
 * hand-off. May not import the other rooms of the service.
 */
@NullMarked
package org.procpool.server.gateway;

import org.jspecify.annotations.NullMarked;
