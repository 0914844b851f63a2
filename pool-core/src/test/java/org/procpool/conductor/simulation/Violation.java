package org.procpool.conductor.simulation;

/** The conductor did what it must not do, or did not do what it must. */
final class Violation extends RuntimeException {

    private static final long serialVersionUID = 1;

    Violation(String message) {
        super(message);
    }
}
