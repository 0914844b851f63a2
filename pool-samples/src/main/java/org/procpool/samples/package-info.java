/**
 * Handlers to look at, to try the pool with and to test it with: one a file, none longer than it needs to be. Imports
 * what a handler of your own would import: {@code org.procpool.worker}, payloads and the JSON codec.
 */
@NullMarked
package org.procpool.samples;

import org.jspecify.annotations.NullMarked;
