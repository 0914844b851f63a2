package org.procpool.samples;

import java.nio.file.Path;
import java.util.Map;
import org.procpool.worker.HandlerProvider;
import org.procpool.worker.TaskHandler;

/**
 * The handler of {@code procpool torture}. Not registered: a pool gets it only if its configuration names this class,
 * and its workers need the system property {@value #EVIDENCE}, a directory for what the handler witnesses.
 */
public final class TortureHandlers implements HandlerProvider {

    /** System property of a worker: where its {@link RunRecords} go. */
    public static final String EVIDENCE = "procpool.torture.evidence";

    @Override
    public Map<String, TaskHandler> handlers() {
        String directory = System.getProperty(EVIDENCE);
        if (directory == null) {
            throw new IllegalStateException("the handler 'torture' needs -D" + EVIDENCE + "=DIRECTORY");
        }
        return Map.of("torture", new Torture(Path.of(directory)));
    }
}
