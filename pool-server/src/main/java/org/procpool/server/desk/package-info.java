/**
 * What is between the doors for clients and those who ask one by one and not on the pool's loop, such as the admin
 * HTTP. Interfaces only; may not import the other rooms of the service.
 */
@NullMarked
package org.procpool.server.desk;

import org.jspecify.annotations.NullMarked;
