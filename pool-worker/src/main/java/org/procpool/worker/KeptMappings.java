package org.procpool.worker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The payload files that come again, as this process has them mapped: to map one anew each time costs more than to copy
 * what is in it. Only the newest are kept, since the supervisor does not say which of them will not come again; what it
 * has thrown away has no memory any more. Used by the task thread and by threads that handlers have begun.
 */
final class KeptMappings {

    private static final int KEPT_MAX = 64;

    /** By path, the one that was used longest ago first. Guarded by this. */
    private final Map<Path, ByteBuffer> mapped = new LinkedHashMap<>(KEPT_MAX, 0.75f, true);

    /**
     * The file's bytes, from the first one on.
     *
     * @param room so many at least; all of them are there
     * @throws IOException if it cannot be mapped
     */
    synchronized ByteBuffer map(Path file, int room) throws IOException {
        ByteBuffer known = mapped.get(file);
        if (known != null && known.capacity() >= room) {
            return known;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (channel.size() < room) {
                // To map it would make it longer, and what is not there cannot be written to for want of memory.
                throw new IOException("it has " + channel.size() + " bytes, not " + room);
            }
            known = channel.map(MapMode.READ_WRITE, 0, room);
        }
        mapped.put(file, known);
        if (mapped.size() > KEPT_MAX) {
            mapped.remove(mapped.keySet().iterator().next());
        }
        return known;
    }
}
