package org.procpool.process;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the jars that a worker needs among those that this JVM was started with. They are looked up by a class that
 * each holds, so that nothing of the worker is loaded here.
 */
public final class WorkerClassPath {

    private static final List<String> REQUIRED =
            List.of("org/procpool/worker/WorkerMain.class", "org/procpool/proto/Wire.class");
    /** For typed handlers; a worker without them still serves handlers of bytes. */
    private static final List<String> OPTIONAL = List.of(
            "com/fasterxml/jackson/databind/ObjectMapper.class",
            "com/fasterxml/jackson/core/JsonFactory.class",
            "com/fasterxml/jackson/annotation/JsonProperty.class");

    private WorkerClassPath() {}

    /**
     * The jars and directories, in a fixed order.
     *
     * @throws IOException with a sentence for people if the worker is not on this JVM's class path
     */
    public static List<Path> locate() throws IOException {
        List<Path> found = new ArrayList<>();
        for (String resource : REQUIRED) {
            URL url = find(resource);
            if (url == null) {
                throw new IOException(
                        "the worker's " + resource + " is not on the class path; add the jar pool-worker");
            }
            add(found, origin(url, resource));
        }
        for (String resource : OPTIONAL) {
            URL url = find(resource);
            if (url != null) {
                add(found, origin(url, resource));
            }
        }
        return found;
    }

    private static @org.jspecify.annotations.Nullable URL find(String resource) {
        return WorkerClassPath.class.getClassLoader().getResource(resource);
    }

    private static void add(List<Path> found, Path path) {
        if (!found.contains(path)) {
            found.add(path);
        }
    }

    private static Path origin(URL url, String resource) throws IOException {
        String text = url.toString();
        try {
            if (text.startsWith("jar:file:")) {
                return Path.of(new URI(text.substring("jar:".length(), text.indexOf("!/"))));
            }
            if (text.startsWith("file:")) {
                return Path.of(new URI(text.substring(0, text.length() - resource.length())));
            }
        } catch (URISyntaxException e) {
            throw new IOException("cannot read the class path entry " + text, e);
        }
        throw new IOException("a worker cannot be started from " + text
                + "; put the jars pool-worker and pool-proto on the class path as files");
    }
}
