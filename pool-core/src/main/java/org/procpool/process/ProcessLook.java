package org.procpool.process;

/**
 * A process as the system sees it at one moment.
 *
 * @param stopped whether it is stopped by a signal or a debugger
 * @param cpuNanos processor time that it has used since its start, in steps of some milliseconds
 * @param residentBytes its memory
 */
public record ProcessLook(boolean stopped, long cpuNanos, long residentBytes) {}
