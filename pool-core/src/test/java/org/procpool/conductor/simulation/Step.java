package org.procpool.conductor.simulation;

/** Everything that can go into the conductor or come out of it: a line's name in traces and tables. */
enum Step {
    START,
    SUBMIT,
    CANCEL,
    PAUSE,
    RESUME,
    VANISH,
    PERSISTED,
    PERSIST_FAILED,
    LAUNCHED,
    LAUNCH_FAILED,
    BOOT_FAILED,
    READY,
    LINK_LOST,
    CORRUPT,
    RESULT,
    PROGRESS,
    OBSERVED,
    AIMED,
    PONG,
    EXAMINED,
    STALLED,
    GONE,
    DRAIN_POOL,
    STOP_POOL,
    TICK,
    LATE_TICK,
    // From here on what comes out.
    LAUNCH,
    OFFER,
    TAKEN_BACK,
    NOT_TAKEN_BACK,
    OBSERVE,
    AIM,
    INTERRUPT,
    PING,
    EXAMINE,
    DRAIN,
    KILL,
    PERSIST,
    ACCEPT,
    REJECT,
    PROGRESSED,
    COMPLETE,
    DEPARTED,
    DEGRADED,
    RECOVERED,
    FAILED,
    DRAINED;

    boolean isEffect() {
        return ordinal() >= LAUNCH.ordinal();
    }
}
