package org.procpool.task;

/**
 * A kind of task that is not run any more, because it killed worker after worker or because an operator said so.
 *
 * @param task the name of those tasks
 * @param why what happened, with the numbers
 * @param byHand whether an operator said so
 * @param sinceMillis how long ago that was
 * @param probeInMillis when the next of them is let through, to see whether they still kill; 0 = the next that is
 *     submitted, or one is under way; -1 = only {@code release} ends it
 */
public record QuarantinedTask(String task, String why, boolean byHand, long sinceMillis, long probeInMillis) {}
