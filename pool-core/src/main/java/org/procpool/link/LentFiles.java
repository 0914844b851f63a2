package org.procpool.link;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.SpoolFile;

/** The payload files that one worker may write results to, by the offers it has them for. Used on the loop only. */
final class LentFiles {

    private final Map<Long, SpoolFile> files = new HashMap<>();

    void lend(long dispatch, SpoolFile file) {
        file.lend();
        files.put(dispatch, file);
    }

    /**
     * The worker has nothing to do with that offer any more.
     *
     * @param free whether it says that the file may get another payload
     * @return null if it has not been lent one
     */
    @Nullable
    SpoolFile end(long dispatch, boolean free) {
        // Most tasks are small.
        SpoolFile file = files.isEmpty() ? null : files.remove(dispatch);
        if (file != null && free) {
            file.free();
        }
        return file;
    }
}
