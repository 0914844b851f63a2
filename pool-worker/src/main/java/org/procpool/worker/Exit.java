package org.procpool.worker;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The ways out of this process. Handlers may have registered shutdown hooks that wait for ever, or may call
 * {@code System.exit} themselves; neither keeps the process longer than {@link #HOOKS_MILLIS_MAX}.
 */
final class Exit {

    /** How long shutdown hooks may take, in milliseconds. */
    static final long HOOKS_MILLIS_MAX = 2_000;

    /**
     * With what the reason begins when memory ran short: how the supervisor tells that from a failed boot, which has
     * the same exit code.
     */
    static final String OUT_OF_MEMORY = "out of memory: ";

    /** Written once by the task thread when it leaves in order, read by whoever finds the way out blocked. */
    private static volatile boolean drained;

    private Exit() {}

    /**
     * Makes every orderly exit, whoever starts it, bounded in time. To be called once.
     *
     * @param millisMax usually {@link #HOOKS_MILLIS_MAX}
     */
    static void boundShutdownHooks(long millisMax) {
        // The hook itself returns at once, because the exit waits for all hooks; a daemon thread keeps the time.
        Runtime.getRuntime().addShutdownHook(new Thread("procpool-exit") {
            @Override
            public void run() {
                Thread watchdog = new HookWatchdog(millisMax);
                watchdog.setDaemon(true);
                watchdog.start();
            }
        });
    }

    /** After Drain: runs the shutdown hooks and ends with code 0, also when a hook does not end. */
    static void drained() {
        drained = true;
        System.exit(ExitCode.DRAINED);
    }

    /** A socket is at its end: ends at once, whatever handlers and hooks are doing. */
    static void supervisorGone() {
        // While hooks of a drained worker run, the supervisor may well close first.
        Runtime.getRuntime().halt(drained ? ExitCode.DRAINED : ExitCode.SUPERVISOR_GONE);
    }

    /**
     * Says why on standard error and ends at once, without hooks: nothing of this process is to be trusted.
     *
     * @param cause its stack is printed too
     */
    static void broken(int exitCode, String reason, @Nullable Throwable cause) {
        try {
            System.err.println("procpool worker: " + reason);
            if (cause != null) {
                System.err.println(ErrorText.stack(cause));
            }
            System.err.flush();
        } finally {
            Runtime.getRuntime().halt(exitCode);
        }
    }

    /** As {@link #broken}, after something that nothing here provides for; a shortage of memory is named as one. */
    static void failed(String reason, Throwable cause) {
        if (cause instanceof OutOfMemoryError) {
            broken(ExitCode.OUT_OF_MEMORY, OUT_OF_MEMORY + reason, cause);
        }
        broken(ExitCode.BROKEN, reason, cause);
    }

    private static final class HookWatchdog extends Thread {

        private final long millisMax;

        HookWatchdog(long millisMax) {
            super("procpool-exit-watchdog");
            this.millisMax = millisMax;
        }

        @Override
        public void run() {
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millisMax);
            long left = deadline - System.nanoTime();
            while (left > 0) {
                LockSupport.parkNanos(left);
                left = deadline - System.nanoTime();
            }
            Runtime.getRuntime().halt(drained ? ExitCode.DRAINED : ExitCode.HOOKS_STUCK);
        }

        @Override
        public void interrupt() {
            // A hook that interrupts all threads it finds must not stop the clock.
        }
    }
}
