package org.procpool.bench;

import org.procpool.bench.floor.FloorWorker;

/** What the workers of a floor do with a payload. */
public enum FloorTask {
    /** Send its bytes back. */
    ECHO(FloorWorker.ECHO),
    /** Turn it around. */
    REVERSE(FloorWorker.REVERSE);

    private final String word;

    FloorTask(String word) {
        this.word = word;
    }

    /** The name of the sample task that does the same. */
    public String word() {
        return word;
    }
}
