package org.procpool.process;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.List;
import org.procpool.cgroup.PoolGroups;
import org.procpool.recorder.RecorderOptions;
import org.procpool.task.WorkerId;

/** A program that boots one worker after the other until it is killed. None gets further than its Hello. */
final class BootingSupervisor {

    private BootingSupervisor() {}

    /** Run directory, memory directory. */
    public static void main(String[] arguments) throws Exception {
        WorkerCommand command = new WorkerCommand(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                List.of("-Xmx32m"),
                List.of(),
                WorkerClassPath.locate());
        try (RunDirectory run = RunDirectory.create(Path.of(arguments[0]), Enclosure.NONE);
                RecorderDirectory memory = RecorderDirectory.create(Path.of(arguments[1]), Enclosure.NONE);
                ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(run.socket()));
            RecorderPlace place = new RecorderPlace(memory.path(), RecorderOptions.DEFAULT);
            for (int generation = 1; ; generation++) {
                WorkerId id = new WorkerId(1, generation);
                Witness witness = new Witness();
                WorkerSettings settings =
                        new WorkerSettings(id, run.socket(), "00", List.of(), List.of(), List.of(), List.of());
                WorkerProcess.launch(
                        WorkerProgram.java(command, WorkerArchive.none(command), Enclosure.NONE),
                        settings,
                        run.workerDirectory(id.toString()),
                        place,
                        PoolGroups.none(),
                        witness);
                System.out.println("worker " + witness.pid());
            }
        }
    }
}
