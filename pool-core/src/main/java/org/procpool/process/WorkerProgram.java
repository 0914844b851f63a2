package org.procpool.process;

import java.nio.file.Path;
import java.util.List;

/** What a worker process runs. Immutable. */
public interface WorkerProgram {

    /** What keeps it apart; its words come before those of the command. */
    Enclosure enclosure();

    /**
     * The words of the command.
     *
     * @param directory of the worker alone
     */
    List<String> words(Path directory);

    /** Where it is started, given the worker's own directory. */
    Path startsIn(Path directory);

    /** What is started, for people. */
    String name();

    /** Whether SIGQUIT makes it print what its threads are doing. */
    boolean dumpsThreads();

    /** The Java worker, booted from an archive of its classes if there is one. */
    static WorkerProgram java(WorkerCommand command, WorkerArchive archive, Enclosure enclosure) {
        return new WorkerProgram() {
            @Override
            public Enclosure enclosure() {
                return enclosure;
            }

            @Override
            public List<String> words(Path directory) {
                return command.words(directory, archive.jvmArgs());
            }

            @Override
            public Path startsIn(Path directory) {
                return directory;
            }

            @Override
            public String name() {
                return command.java().toString();
            }

            @Override
            public boolean dumpsThreads() {
                return true;
            }
        };
    }

    /** Any program that speaks the worker protocol, started where this process was, as its words may name files. */
    static WorkerProgram foreign(List<String> command, Enclosure enclosure) {
        return new WorkerProgram() {
            @Override
            public Enclosure enclosure() {
                return enclosure;
            }

            @Override
            public List<String> words(Path directory) {
                return command;
            }

            @Override
            public Path startsIn(Path directory) {
                return Path.of("").toAbsolutePath();
            }

            @Override
            public String name() {
                return command.get(0);
            }

            @Override
            public boolean dumpsThreads() {
                return false;
            }
        };
    }
}
