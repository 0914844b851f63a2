package org.procpool.recorder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the tests put their pages: in memory if this machine has the usual place. */
final class Scratch {

    private Scratch() {}

    /** A name that nothing has yet. */
    static Path file() throws IOException {
        Path shared = Path.of("/dev/shm");
        Path directory = Files.isWritable(shared) ? shared : Path.of(System.getProperty("java.io.tmpdir"));
        Path file = Files.createTempFile(directory, "procpool-test-", ".page");
        Files.delete(file);
        return file;
    }
}
