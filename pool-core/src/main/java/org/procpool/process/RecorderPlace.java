package org.procpool.process;

import java.io.IOException;
import java.nio.file.Path;
import org.procpool.recorder.RecorderOptions;
import org.procpool.recorder.SupervisorPage;
import org.procpool.task.WorkerId;

/**
 * How a pool's workers get their flight recorders.
 *
 * @param directory of the pool alone, in a memory file system
 */
public record RecorderPlace(Path directory, RecorderOptions options) {

    SupervisorPage newPage(WorkerId worker, Enclosure enclosure) throws IOException {
        Path file = directory.resolve(worker.toString());
        if (enclosure.seesSupervisor()) {
            return SupervisorPage.create(file, options);
        }
        SupervisorPage page = SupervisorPage.createNamed(file, options);
        try {
            enclosure.give(file);
            return page;
        } catch (IOException e) {
            page.close();
            throw e;
        }
    }
}
