/**
 * The seeded simulation of the conductor: a world of workers, clients, a store and a clock in which one seed decides
 * everything, and checkers that know only what went in and what came out. It stands in a package of its own so that it
 * can see no more of the conductor than its users do.
 */
@NullMarked
package org.procpool.conductor.simulation;

import org.jspecify.annotations.NullMarked;
