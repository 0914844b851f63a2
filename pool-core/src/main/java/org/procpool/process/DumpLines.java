package org.procpool.process;

import java.util.regex.Pattern;

/**
 * Picks the thread dump that HotSpot prints at SIGQUIT out of a worker's output: a time, "Full thread dump …", the
 * threads, "JNI global refs …", deadlocks if there are any, and the heap. Lines that a handler prints in the midst of
 * it become part of it. Safe for use by any thread.
 */
final class DumpLines {

    private static final int CHARS_MAX = 64 * 1024;
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d");
    private static final String FIRST = "Full thread dump ";
    private static final String LAST_OF_THREADS = "JNI global refs";
    private static final String HEAP = "Heap";

    private enum State {
        /** No dump was asked for; one that comes all the same is output like any other. */
        IDLE,
        EXPECTING,
        THREADS,
        /** What is known of deadlocks comes before the heap. */
        DEADLOCKS,
        /** All of the dump is there that anybody will look at. */
        HEAP,
        OVER
    }

    // All guarded by this.
    private final StringBuilder text = new StringBuilder();
    private State state = State.IDLE;
    private Runnable whenComplete = () -> {};

    /**
     * Says that a dump is about to be asked for.
     *
     * @param then run by the thread that reads the output when the dump is there; must not wait
     * @return false if that has been said before
     */
    synchronized boolean expect(Runnable then) {
        if (state != State.IDLE) {
            return false;
        }
        state = State.EXPECTING;
        whenComplete = then;
        return true;
    }

    /** Whether {@link #take} may want the next line. */
    synchronized boolean mayTake() {
        return state != State.IDLE && state != State.OVER;
    }

    /**
     * Looks at the next line of the output, without its end.
     *
     * @return whether it is part of the dump
     */
    synchronized boolean take(String line) {
        return switch (state) {
            case IDLE, OVER -> false;
            case EXPECTING -> {
                if (line.startsWith(FIRST)) {
                    state = State.THREADS;
                }
                yield line.startsWith(FIRST) || TIME.matcher(line).matches();
            }
            case THREADS -> {
                if (line.startsWith(LAST_OF_THREADS)) {
                    state = State.DEADLOCKS;
                }
                yield append(line);
            }
            case DEADLOCKS -> {
                if (line.equals(HEAP)) {
                    state = State.HEAP;
                    whenComplete.run();
                    yield true;
                }
                yield append(line);
            }
            case HEAP -> {
                boolean more = line.isEmpty() || line.startsWith(" ");
                state = more ? State.HEAP : State.OVER;
                yield more;
            }
        };
    }

    private boolean append(String line) {
        if (text.length() + line.length() < CHARS_MAX) {
            text.append(line).append('\n');
        }
        return true;
    }

    /** The threads and deadlocks, as far as they are known; empty if no dump was seen. At most 64 Ki characters. */
    synchronized String text() {
        return text.toString().strip();
    }
}
