package org.procpool.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a pool makes its workers' flight recorders: a directory of its own in a memory file system. Most of the time
 * there is nothing in it but its lock, since a page loses its name while it is made. What a dead pool has left all the
 * same goes when the next one starts. Not thread-safe.
 */
public final class RecorderDirectory implements AutoCloseable {

    private static final String NAME = "directory for flight recorders";
    private static final String ADVICE = "choose another memory directory, or switch the recorder off";

    private final PoolDirectory pool;

    private RecorderDirectory(PoolDirectory pool) {
        this.pool = pool;
    }

    /**
     * Makes a new pool's directory and removes those of dead pools.
     *
     * @param memoryDirectory must be there, for example {@code /dev/shm}; in it {@code procpool-USER} is made
     * @param enclosure of the workers, who may have to pass it
     * @throws IOException with a sentence for people
     */
    public static RecorderDirectory create(Path memoryDirectory, Enclosure enclosure) throws IOException {
        if (!Files.isDirectory(memoryDirectory)) {
            throw new IOException("the memory directory " + memoryDirectory
                    + " for the workers' flight recorders is not there; " + ADVICE);
        }
        Path base = memoryDirectory.toRealPath().resolve("procpool-" + System.getProperty("user.name"));
        PoolDirectory.prepareBase(base, NAME, ADVICE);
        PoolDirectory pool = PoolDirectory.create(base, dead -> {});
        enclosure.letPass(base);
        enclosure.letPass(pool.path());
        return new RecorderDirectory(pool);
    }

    /** Where the pages are made. */
    public Path path() {
        return pool.path();
    }

    /** Removes the directory with everything in it. */
    @Override
    public void close() {
        pool.close();
    }
}
