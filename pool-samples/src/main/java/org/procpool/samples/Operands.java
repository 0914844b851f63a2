package org.procpool.samples;

/** What {@link Add} and {@link Multiply} take: {@code {"a":10,"b":20}}. */
record Operands(long a, long b) {}
