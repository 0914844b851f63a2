/**
 * The flight recorder: one page of memory that a supervisor shares with one worker process, in which the worker leaves
 * what it has started and what it has answered, so that the account is exact after {@code kill -9}. Owns the layout and
 * every access to it; {@code docs/recorder.md} has the picture. Imports the JDK and {@code org.procpool.proto}.
 */
@NullMarked
package org.procpool.recorder;

import org.jspecify.annotations.NullMarked;
