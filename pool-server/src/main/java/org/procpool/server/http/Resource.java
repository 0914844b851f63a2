package org.procpool.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Files in the jars. */
final class Resource {

    private Resource() {}

    /**
     * All of one.
     *
     * @param name beginning with a slash, or in this package
     */
    static byte[] bytes(String name) {
        try (InputStream in = Resource.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in the jars");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + name + " failed", e);
        }
    }
}
