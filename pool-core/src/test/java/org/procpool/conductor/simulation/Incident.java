package org.procpool.conductor.simulation;

/** What must have come about somewhere, for a campaign to be worth something. */
enum Incident {
    /** Offered to a worker that had something already. */
    PREFETCHED,
    /** Taken back because the worker did not move. */
    LOST_PATIENCE,
    /** Taken back because another worker had nothing to do. */
    SHARED,
    TAKEN_BACK_AT_DEATH,
    TAKEN_BACK_AT_RETIREMENT,
    TAKEN_BACK_BEFORE_A_SHOT,
    CANCELLED_UNSTARTED,
    EXPIRED_UNSTARTED,
    /** To be taken back, and started by then. */
    STARTED_MEANWHILE,
    DIED_BEFORE_CLAIM,
    DIED_AFTER_CLAIM,
    /** A result that nobody had read when its worker died. */
    RESULT_RECOVERED,
    /** A worker whose sockets are closed went on working. */
    WORKED_WITHOUT_LINK,
    /** So did one that wanted to be retired. */
    WORKED_IN_RETIREMENT,
    /** Killed because its task did not heed the interrupt. */
    SHOT,
    /** Not killed, because that very task had just ended. */
    SHOT_CALLED_OFF,
    /** Silent for long, and busy all the while. */
    BUSY_IN_SILENCE,
    PROMOTED,
    PROMOTED_WHILE_DRAINING,
    /** Later than its first offer, after having been given back by another. */
    OFFERED_AGAIN,
    /** Left in its own time because it had come to a limit. */
    RECYCLED_BY_LIMIT,
    /** Left because a worker of another release had come. */
    RELOADED,
    /** All workers were of another release in the end. */
    ROLLED,
    /** The first worker of another release did not get ready. */
    ROLL_FAILED,
    /** The pool was shut down before all were of another release. */
    ROLL_CUT_OFF,
    /** Tasks of one name were held back because they killed worker after worker. */
    HELD_BACK_AS_POISON,
    /** And were let through again because one of them was answered. */
    RELEASED_BY_PROBE,
    /** A client had as many tasks with workers as one may. */
    CLIENT_FULL,
    /** Its handler failed it, and it waited for another attempt. */
    FAILED_AND_TRIED_AGAIN,
    /** A task with a key went where others with the same key had gone. */
    OFFERED_AT_HOME,
    /** It did not, since there was no room. */
    OFFERED_ELSEWHERE,
    /** One more was to serve because tasks waited long. */
    GREW,
    /** One fewer was to serve because somebody was idle for long. */
    SHRANK,
    /** All places are filled after the world was healed. */
    FULL_AGAIN
}
