/**
 * The admin HTTP: what the pool is doing, as JSON, and the few actions that steer it. Has a loop of its own, so a slow
 * browser never costs the pool's. May not import the other rooms of the service.
 */
@NullMarked
package org.procpool.server.http;

import org.jspecify.annotations.NullMarked;
