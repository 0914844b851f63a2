/**
 * The live view of a service: what the service tells, what is kept of it, how that is drawn, and what keys do. One
 * thread owns all state; the threads that read the service and the keyboard hand it work. Knows nothing of commands and
 * their options.
 */
@NullMarked
package org.procpool.cli.top;

import org.jspecify.annotations.NullMarked;
