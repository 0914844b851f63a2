package org.procpool.cli.log;

/** How a line of the log looks. The names are those that are typed. */
public enum LogFormat {
    /** For people. */
    human,
    /** One JSON object a line. */
    json,
    /** For people who read with journalctl: journald has the time, and takes the level from a number in front. */
    journal
}
