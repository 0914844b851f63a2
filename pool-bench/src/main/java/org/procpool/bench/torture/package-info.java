/**
 * The proof that a crash costs at most one task: a pool under load whose workers die in every way, and a verifier that
 * believes only what was put on file. May not import the service or the handlers; it knows the handler that witnesses
 * by its name, its payload and its files.
 */
@NullMarked
package org.procpool.bench.torture;

import org.jspecify.annotations.NullMarked;
