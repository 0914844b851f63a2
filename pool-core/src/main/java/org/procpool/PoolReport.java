package org.procpool;

import java.util.List;
import java.util.Map;
import org.procpool.task.Departure;
import org.procpool.task.RejectReason;
import org.procpool.task.TaskCounts;

/**
 * All that can be known of a pool at one moment, for those who watch it.
 *
 * @param nowNanos that moment, on the loop's clock
 * @param tasks by the name of the tasks, in the order in which the names became known
 * @param runNanos by the workers' slots: how long what they run now has been running; nothing for those that run none
 * @param oldestWaitingNanos how long the task that waits longest has waited; 0 if none does, or only tasks of clients
 *     that take no results or have in flight what they may
 * @param rejections since the pool started
 * @param failuresRepeated since the pool started: tasks that were to run again because their handler failed, each
 *     as often as that was
 * @param lossesRepeated the same because their worker was lost
 * @param keyedAtHome since the pool started: times that a task with a key was handed to the worker that it prefers
 * @param keyedElsewhere the same to another
 * @param departures since the pool started: ends of workers
 * @param events since the last question
 * @param mishaps since the last question
 */
public record PoolReport(
        PoolSnapshot pool,
        long nowNanos,
        List<TaskCounts> tasks,
        Map<Integer, Long> runNanos,
        long oldestWaitingNanos,
        Map<RejectReason, Long> rejections,
        long failuresRepeated,
        long lossesRepeated,
        long keyedAtHome,
        long keyedElsewhere,
        Map<Departure, Long> departures,
        Excerpt<PoolEvent> events,
        Excerpt<TaskMishap> mishaps) {}
