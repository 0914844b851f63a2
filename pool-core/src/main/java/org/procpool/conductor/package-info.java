/**
 * The pool's decisions as a pure state machine: which task runs where and when, what a death means, when a new worker
 * starts, when the pool is drained. Inputs are the methods of {@link org.procpool.conductor.Conductor}, outputs the
 * calls on {@link org.procpool.conductor.Effects}. Time is an argument, randomness a seed.
 *
 * <p>May not import anything that does I/O, logs, reads a clock or starts a thread: only the JDK's values,
 * {@code org.procpool.task} and {@code org.procpool.proto}. Everything here is owned by the thread that calls the
 * conductor.
 */
@NullMarked
package org.procpool.conductor;

import org.jspecify.annotations.NullMarked;
