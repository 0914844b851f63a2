/**
 * The load harness: drives a running service as a client would and says how fast it answered. Speaks the protocol by
 * itself, on bare sockets, so that what is measured is the service and not a client library. May not import the service.
 */
@NullMarked
package org.procpool.bench;

import org.jspecify.annotations.NullMarked;
