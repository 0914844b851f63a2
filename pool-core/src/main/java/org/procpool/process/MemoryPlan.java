package org.procpool.process;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.procpool.task.Sizes;

/**
 * How the memory of the machine or container is divided: the supervisor's part, and for each worker a heap and what its
 * JVM needs beside it. Pure arithmetic.
 *
 * @param memory what there is
 * @param supervisorBytes heap of this process and what it needs beside it
 * @param workers processes that the heap was worked out for, spares too
 * @param heapBytes largest heap of each; 0 if it is not known
 * @param origin where that comes from
 */
public record MemoryPlan(MachineMemory memory, long supervisorBytes, int workers, long heapBytes, Origin origin) {

    /** Code, classes, threads' stacks and the collector's tables of a worker's JVM; an idle one has some 40 MiB. */
    public static final long BESIDE_BYTES = 60 << 20;

    /** The least that a worker is given without being told so. */
    static final long HEAP_MIN_BYTES = 32 << 20;
    /** The most, so that what leaks in a worker ends before it troubles the machine. */
    static final long HEAP_MAX_BYTES = 1 << 30;
    /** Where nobody knows how much memory there is; and what a larger heap begins with. */
    static final long HEAP_USUAL_BYTES = 256 << 20;

    /** Buffers, code and classes of the supervisor. */
    private static final long SUPERVISOR_BESIDE_BYTES = 100 << 20;
    /** Archives of the workers' classes are made for one heap size, so there should not be many. */
    private static final long STEP_BYTES = 16 << 20;

    private static final String XMX = "-Xmx";
    private static final String MAX_HEAP = "-XX:MaxHeapSize=";

    /** Who says how large a worker's heap is. */
    public enum Origin {
        /** What there is, divided. */
        SHARE,
        /** The option worker-heap. */
        OPTION,
        /** The options of the workers' JVMs. */
        ARGUMENTS,
        /** The option max-worker-memory, less what is beside the heap. */
        BOUND,
        /** Nobody knows how much there is. */
        DEFAULT;

        /** For programs and people. */
        public String label() {
            return switch (this) {
                case SHARE -> "share";
                case OPTION -> "worker-heap";
                case ARGUMENTS -> "worker-jvm-args";
                case BOUND -> "max-worker-memory";
                case DEFAULT -> "default";
            };
        }
    }

    /**
     * Divides.
     *
     * @param supervisorHeapBytes largest heap of this process
     * @param workers processes, spares too, from 1
     * @param wishedHeapBytes as the option says; 0 = as much as there is
     * @param jvmArgs of the workers; a heap in them wins over all else
     */
    public static MemoryPlan of(
            MachineMemory memory, long supervisorHeapBytes, int workers, long wishedHeapBytes, List<String> jvmArgs) {
        long supervisor = supervisorHeapBytes + SUPERVISOR_BESIDE_BYTES;
        long given = heapIn(jvmArgs);
        if (given >= 0) {
            return new MemoryPlan(memory, supervisor, workers, given, Origin.ARGUMENTS);
        }
        if (wishedHeapBytes > 0) {
            return new MemoryPlan(memory, supervisor, workers, wishedHeapBytes, Origin.OPTION);
        }
        if (memory.bytes() == 0) {
            return new MemoryPlan(memory, supervisor, workers, HEAP_USUAL_BYTES, Origin.DEFAULT);
        }
        long heap = Math.max(0, (memory.bytes() - supervisor) / workers - BESIDE_BYTES);
        heap = Math.min(HEAP_MAX_BYTES, heap / STEP_BYTES * STEP_BYTES);
        return new MemoryPlan(memory, supervisor, workers, heap, Origin.SHARE);
    }

    /**
     * The same where each worker may have only so much in all; a heap that was asked for stays.
     *
     * @param boundBytes 0 = no bound
     */
    public MemoryPlan within(long boundBytes) {
        return boundBytes == 0 || fitsIn(boundBytes) || origin == Origin.OPTION || origin == Origin.ARGUMENTS
                ? this
                : new MemoryPlan(memory, supervisorBytes, workers, boundBytes - BESIDE_BYTES, Origin.BOUND);
    }

    /** Whether a worker's heap, and what is beside it, are no more than that. */
    public boolean fitsIn(long boundBytes) {
        return heapBytes + BESIDE_BYTES <= boundBytes;
    }

    /** The last heap size in the arguments, as the JVM takes it; 0 if it cannot be read, -1 if there is none. */
    private static long heapIn(List<String> jvmArgs) {
        long heap = -1;
        for (String argument : jvmArgs) {
            String size = argument.startsWith(XMX)
                    ? argument.substring(XMX.length())
                    : argument.startsWith(MAX_HEAP) ? argument.substring(MAX_HEAP.length()) : null;
            if (size != null) {
                heap = bytes(size);
            }
        }
        return heap;
    }

    private static long bytes(String size) {
        try {
            return Sizes.parseBytes(size);
        } catch (IllegalArgumentException e) {
            // The JVM will say what is wrong with it.
            return 0;
        }
    }

    /** What makes a worker's JVM have that heap; may be empty. */
    public List<String> heapArgs() {
        if (origin == Origin.ARGUMENTS) {
            return List.of();
        }
        String most = XMX + size(heapBytes);
        // A heap that may become large should not begin so, which would cost each worker a large young generation.
        return heapBytes > HEAP_USUAL_BYTES ? List.of("-Xms" + size(HEAP_USUAL_BYTES), most) : List.of(most);
    }

    private static String size(long bytes) {
        return bytes % (1 << 20) == 0 ? (bytes >> 20) + "m" : (bytes >> 10) + "k";
    }

    /** What so many workers and the supervisor come to; 0 if it is not known. */
    public long plannedBytes(int processes) {
        return heapBytes == 0 ? 0 : supervisorBytes + processes * (heapBytes + BESIDE_BYTES);
    }

    /** Why there can be no such pool here, for people; null if there can. What was asked for is never refused. */
    public @Nullable String refusal() {
        if (origin != Origin.SHARE || heapBytes >= HEAP_MIN_BYTES) {
            return null;
        }
        long left = Math.max(0, memory.bytes() - supervisorBytes);
        return "the memory does not suffice for " + workers + " workers, spares included: of "
                + Sizes.format(memory.bytes()) + " (" + memory.source() + ") this process may take "
                + Sizes.format(supervisorBytes) + ", which leaves " + Sizes.format(left / workers)
                + " for each, and a worker needs " + Sizes.format(HEAP_MIN_BYTES) + " of heap and "
                + Sizes.format(BESIDE_BYTES)
                + " beside it; give it more memory or fewer workers, a smaller heap to this"
                + " process (PROCPOOL_JAVA_OPTS=-Xmx…), or say --worker-heap yourself";
    }

    /** What is wrong with a plan that somebody has asked for, for people; null if nothing is, or it is not known. */
    public @Nullable String warning() {
        String excess = excess(workers);
        return excess == null ? null : excess + "; when they do, the kernel kills one of them";
    }

    /** Why so many processes, spares too, are too many, for people; null if they are not, or it is not known. */
    private @Nullable String excess(int processes) {
        long planned = plannedBytes(processes);
        if (memory.bytes() == 0 || planned <= memory.bytes()) {
            return null;
        }
        return processes + " workers, spares included, of " + Sizes.format(heapBytes) + " heap and "
                + Sizes.format(BESIDE_BYTES) + " beside it, and this process with " + Sizes.format(supervisorBytes)
                + ", may take " + Sizes.format(planned) + " of " + Sizes.format(memory.bytes()) + " ("
                + memory.source() + ")";
    }

    /**
     * Why there cannot be so many processes, spares too, with the heap that was worked out for fewer, for people; null
     * if there can. A heap that was asked for is never a reason, but see {@link #scaleWarning}.
     */
    public @Nullable String scaleRefusal(int processes) {
        String excess = origin == Origin.SHARE ? excess(processes) : null;
        return excess == null
                ? null
                : excess + "; their heap was worked out at the start, for " + workers
                        + ": start it with more workers, or with a smaller --worker-heap";
    }

    /** What is wrong with so many processes, spares too, if the heap was asked for; null if nothing is. */
    public @Nullable String scaleWarning(int processes) {
        String excess = origin == Origin.SHARE ? null : excess(processes);
        return excess == null ? null : excess + "; when they do, the kernel kills one of them";
    }
}
