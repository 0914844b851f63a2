/**
 * Values as payloads: JSON in both directions, with errors that name the field. Used by callers before anything is
 * sent, and by typed handlers in the worker. Imports Jackson and {@code org.procpool.proto}; nothing of Jackson shows
 * outside, and nothing is loaded of it until the first value is encoded or decoded.
 */
@NullMarked
package org.procpool.codec;

import org.jspecify.annotations.NullMarked;
