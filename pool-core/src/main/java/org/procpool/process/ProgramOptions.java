package org.procpool.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.procpool.cgroup.GroupOptions;
import org.procpool.task.ExecTask;
import org.procpool.task.Sizes;

/**
 * Which programs a pool runs beside Java handlers, or in their place. Immutable.
 *
 * @param exec tasks that are commands, each run by the worker that gets the task
 * @param workerCommand the program that each worker is, with its arguments, which speaks the worker protocol; empty for
 *     the Java one
 * @param workerHeapBytes largest heap of a Java worker; 0 = what memory there is, divided, see {@link MemoryPlan}
 * @param confinement of the workers
 * @param groups what control groups do for the workers
 */
public record ProgramOptions(
        List<ExecTask> exec,
        List<String> workerCommand,
        long workerHeapBytes,
        Confinement confinement,
        GroupOptions groups) {

    private static final long HEAP_MIN_BYTES = 16 << 20;
    private static final long HEAP_MAX_BYTES = 1L << 40;

    public static final ProgramOptions NONE =
            new ProgramOptions(List.of(), List.of(), 0, Confinement.NONE, GroupOptions.NONE);

    public ProgramOptions {
        exec = List.copyOf(exec);
        workerCommand = List.copyOf(workerCommand);
    }

    /** One more task that is a command. */
    public ProgramOptions withExec(ExecTask task) {
        List<ExecTask> more = new ArrayList<>(exec);
        more.add(task);
        return new ProgramOptions(more, workerCommand, workerHeapBytes, confinement, groups);
    }

    public ProgramOptions withWorkerCommand(List<String> value) {
        return new ProgramOptions(exec, value, workerHeapBytes, confinement, groups);
    }

    public ProgramOptions withWorkerHeap(long bytes) {
        return new ProgramOptions(exec, workerCommand, bytes, confinement, groups);
    }

    public ProgramOptions withConfinement(Confinement value) {
        return new ProgramOptions(exec, workerCommand, workerHeapBytes, value, groups);
    }

    public ProgramOptions withGroups(GroupOptions value) {
        return new ProgramOptions(exec, workerCommand, workerHeapBytes, confinement, value);
    }

    /**
     * Checks that they do not contradict each other, and that the programs are there.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public void check() {
        Set<String> names = new HashSet<>();
        for (ExecTask task : exec) {
            if (!names.add(task.name())) {
                throw new IllegalArgumentException(
                        "exec task '" + task.name() + "' is given twice; give each a name of its own");
            }
            checkProgram(task.command().get(0), "the command of exec task '" + task.name() + "'");
        }
        if (workerHeapBytes != 0 && (workerHeapBytes < HEAP_MIN_BYTES || workerHeapBytes > HEAP_MAX_BYTES)) {
            throw new IllegalArgumentException("worker-heap is " + Sizes.format(workerHeapBytes) + ", allowed is "
                    + Sizes.format(HEAP_MIN_BYTES) + " to " + Sizes.format(HEAP_MAX_BYTES)
                    + ", or 0 for a share of the memory that there is");
        }
        checkBound();
        if (!workerCommand.isEmpty()) {
            if (workerHeapBytes != 0) {
                throw new IllegalArgumentException(
                        "worker-heap is for Java workers, and worker-command replaces those; give one of both");
            }
            if (!exec.isEmpty()) {
                throw new IllegalArgumentException("exec tasks are run by Java workers, and worker-command replaces"
                        + " those; give one of both, or let the command's workers run '"
                        + exec.get(0).name() + "' themselves");
            }
            checkProgram(workerCommand.get(0), "the worker-command");
        }
    }

    private void checkBound() {
        long bound = groups.memoryBytesMax();
        long least = Math.max(workerHeapBytes, MemoryPlan.HEAP_MIN_BYTES) + MemoryPlan.BESIDE_BYTES;
        if (bound != 0 && workerCommand.isEmpty() && bound < least) {
            throw new IllegalArgumentException("max-worker-memory is " + Sizes.format(bound)
                    + ", and a Java worker needs " + Sizes.format(MemoryPlan.BESIDE_BYTES) + " beside its heap"
                    + (workerHeapBytes == 0
                            ? ", which is at least " + Sizes.format(MemoryPlan.HEAP_MIN_BYTES)
                            : " of " + Sizes.format(workerHeapBytes) + " (worker-heap)")
                    + "; give it " + Sizes.format(least) + " or more"
                    + (workerHeapBytes == 0 ? "" : ", or lower worker-heap"));
        }
    }

    static void checkProgram(String program, String what) {
        if (program.indexOf(File.separatorChar) >= 0) {
            if (!isProgram(Path.of(program))) {
                throw new IllegalArgumentException(what + ", " + program + ", is no file that can be run");
            }
        } else if (find(program) == null) {
            throw new IllegalArgumentException(what + ", " + program + ", is not on the PATH; give its path");
        }
    }

    /** The program of that name on the PATH; null if there is none. */
    static @Nullable Path find(String program) {
        String path = System.getenv("PATH");
        for (String directory : (path == null ? "/usr/bin:/bin" : path).split(File.pathSeparator, -1)) {
            Path candidate = Path.of(directory.isEmpty() ? "." : directory, program);
            if (isProgram(candidate)) {
                return candidate;
            }
        }
        return null;
    }

    private static boolean isProgram(Path file) {
        return Files.isExecutable(file) && !Files.isDirectory(file);
    }
}
