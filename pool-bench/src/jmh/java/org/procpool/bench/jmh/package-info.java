/** Microbenchmarks, compiled and run with {@code -Pjmh} only. What they say of a part is not what a task costs. */
package org.procpool.bench.jmh;
