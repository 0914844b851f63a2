package org.procpool.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.procpool.task.ExecTask;

/**
 * Which programs a pool runs beside Java handlers, or in their place. Immutable.
 *
 * @param exec tasks that are commands, each run by the worker that gets the task
 * @param workerCommand the program that each worker is, with its arguments, which speaks the worker protocol; empty for
 *     the Java one
 * @param confinement of the workers
 */
public record ProgramOptions(List<ExecTask> exec, List<String> workerCommand, Confinement confinement) {

    public static final ProgramOptions NONE = new ProgramOptions(List.of(), List.of(), Confinement.NONE);

    public ProgramOptions {
        exec = List.copyOf(exec);
        workerCommand = List.copyOf(workerCommand);
    }

    /** One more task that is a command. */
    public ProgramOptions withExec(ExecTask task) {
        List<ExecTask> more = new ArrayList<>(exec);
        more.add(task);
        return new ProgramOptions(more, workerCommand, confinement);
    }

    public ProgramOptions withWorkerCommand(List<String> value) {
        return new ProgramOptions(exec, value, confinement);
    }

    public ProgramOptions withConfinement(Confinement value) {
        return new ProgramOptions(exec, workerCommand, value);
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
        if (!workerCommand.isEmpty()) {
            if (!exec.isEmpty()) {
                throw new IllegalArgumentException("exec tasks are run by Java workers, and worker-command replaces"
                        + " those; give one of both, or let the command's workers run '"
                        + exec.get(0).name() + "' themselves");
            }
            checkProgram(workerCommand.get(0), "the worker-command");
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
