package org.procpool.bench.torture;

import java.util.List;

/** A way for a worker to die. */
public enum Way {
    /** SIGKILL from outside, at any moment. */
    KILL("KILL", ""),
    /**
     * SIGKILL from outside while the pool's loop is held up, as by a long pause of its JVM: what the worker answered
     * meanwhile, and its death, the pool learns of at once.
     */
    KILL_UNSEEN("KILL unseen", ""),
    /** SIGSEGV from outside: the JVM writes its crash report, in which time its other threads go on. */
    SEGV("SEGV", ""),
    /** A task ends the process: no shutdown, no exit handler. */
    HALT("halt", "halt"),
    /** SIGSTOP from outside, some time later SIGKILL. */
    STOP_KILL("STOP+KILL", ""),
    /** A task closes the worker's data socket and goes on running. */
    CLOSE("close", "close"),
    /** A task runs past its limit and heeds no interrupt. */
    TIME_OUT("time-out", "hang"),
    /** Nobody asked for it. */
    UNASKED("unasked", "");

    /** Those that need nothing of the handler. */
    static final List<Way> FROM_OUTSIDE = List.of(KILL, KILL_UNSEEN, SEGV, STOP_KILL);

    /** The one that leaves most to recover comes twice. */
    static final List<Way> ALL = List.of(KILL, KILL_UNSEEN, KILL_UNSEEN, SEGV, HALT, STOP_KILL, CLOSE, TIME_OUT);

    private final String label;
    private final String word;

    Way(String label, String word) {
        this.label = label;
        this.word = word;
    }

    /** For people. */
    public String label() {
        return label;
    }

    /** What tells the handler to die so; empty if it comes from outside. */
    String word() {
        return word;
    }

    boolean isTask() {
        return !word.isEmpty();
    }
}
