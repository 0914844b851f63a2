package org.procpool.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.procpool.PoolOptions;
import org.procpool.process.Confinement;
import org.procpool.process.ProgramOptions;
import org.procpool.task.ExecTask;
import picocli.CommandLine.Option;

/** The options of {@code serve} about programs that are not Java handlers. */
final class ProgramFlags {

    @Option(
            names = "--exec",
            paramLabel = "NAME='CMD ARG …'",
            description = "A task that is a command, run once for each task of that name, without a shell: its standard"
                    + " input is the payload, its output the result. '{}' in a word stands for the payload, and there"
                    + " is no input then. May be given many times; without --handlers there are no other tasks.")
    private List<String> exec = new ArrayList<>();

    @Option(
            names = "--worker-command",
            paramLabel = "'CMD ARG …'",
            description = "The program that each worker is, in any language: it speaks the worker protocol of"
                    + " docs/protocol.md. Default: the Java worker.")
    private @Nullable String workerCommand;

    @Option(
            names = "--worker-command-prefix",
            paramLabel = "'CMD ARG …'",
            description = "Words in front of each worker's command, such as a sandbox; {dir}, {socket}, {page} and"
                    + " {handlers} stand for what a worker needs, see docs/security.md. Default: none.")
    private @Nullable String workerCommandPrefix;

    @Option(
            names = "--worker-user",
            paramLabel = "NAME",
            description = "The user that workers run as, if this is root; default: this one.")
    private @Nullable String workerUser;

    PoolOptions apply(PoolOptions options) {
        ProgramOptions programs = options.programs();
        for (String text : exec) {
            int equals = text.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(
                        "--exec '" + text + "' is not NAME='CMD ARG …', for example --exec count='wc -c'");
            }
            String name = text.substring(0, equals);
            programs = programs.withExec(new ExecTask(
                    name, CommandWords.split(text.substring(equals + 1), "the command of --exec " + name)));
        }
        if (workerCommand != null) {
            List<String> words = CommandWords.split(workerCommand, "--worker-command");
            if (words.isEmpty()) {
                throw new IllegalArgumentException("--worker-command is empty; give a program and its words");
            }
            programs = programs.withWorkerCommand(words);
        }
        return options.withPrograms(programs.withConfinement(confinement()));
    }

    private Confinement confinement() {
        Confinement confinement = Confinement.NONE;
        if (workerCommandPrefix != null) {
            confinement = confinement.withPrefix(CommandWords.split(workerCommandPrefix, "--worker-command-prefix"));
        }
        return workerUser == null ? confinement : confinement.withUser(workerUser);
    }

    /** Whether there are tasks without any handlers. */
    boolean bringTasks() {
        return !exec.isEmpty() || workerCommand != null;
    }
}
