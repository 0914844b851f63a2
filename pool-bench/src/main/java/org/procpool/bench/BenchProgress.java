package org.procpool.bench;

/**
 * How far a run is, told about once a second.
 *
 * @param warmingUp whether the measured part has not begun
 * @param elapsedSeconds since the start, warm-up included
 * @param totalSeconds of the whole run
 * @param perSec results since the last time this was told
 */
public record BenchProgress(boolean warmingUp, double elapsedSeconds, double totalSeconds, double perSec) {}
