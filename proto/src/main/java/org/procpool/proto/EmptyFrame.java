package org.procpool.proto;

/** Messages between supervisor and worker that say all by being there. */
public enum EmptyFrame implements Frame {
    /** Worker to supervisor, data socket: give me tasks. */
    READY(2),
    /** Supervisor to worker, data socket: leave after what was sent before. */
    DRAIN(5),
    /** Supervisor to worker, control socket: say what your threads are doing, with a {@link ThreadDumpFrame}. */
    DUMP(6);

    private final int kind;

    EmptyFrame(int kind) {
        this.kind = kind;
    }

    @Override
    public int kind() {
        return kind;
    }

    @Override
    public int bodySize() {
        return 0;
    }

    @Override
    public void writeBody(WireOutput out) {}
}
