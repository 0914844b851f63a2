package org.procpool.cgroup;

import java.util.Locale;

/** Whether workers get control groups of their own. */
public enum GroupUse {
    /** They do not. */
    OFF,
    /** They do where that is possible; where it is not, a line of the log says why. */
    AUTO,
    /** They do, or the pool does not start. */
    REQUIRED;

    /** For programs and people. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
