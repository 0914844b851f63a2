package org.procpool.worker;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipFile;

/** Turns the handlers' class path as people write it into URLs: jars, class directories, directories of jars. */
final class HandlerPath {

    private HandlerPath() {}

    /**
     * Lists what is on the path, in its order; the jars of a directory come by name, behind the directory itself.
     *
     * @throws BootException if an entry does not exist or a jar cannot be read: a class loader would pass over both in
     *     silence, and the missing class would surface in some later task
     */
    static URL[] urls(String path) {
        List<URL> urls = new ArrayList<>();
        int start = 0;
        while (start <= path.length()) {
            int end = path.indexOf(File.pathSeparatorChar, start);
            end = end < 0 ? path.length() : end;
            if (end > start) {
                addEntry(urls, new File(path.substring(start, end)));
            }
            start = end + 1;
        }
        return urls.toArray(new URL[0]);
    }

    private static void addEntry(List<URL> urls, File entry) {
        if (!entry.isDirectory()) {
            addJar(urls, entry);
            return;
        }
        urls.add(url(entry));
        File[] files = entry.listFiles();
        if (files == null) {
            throw new BootException("the handler directory '" + entry + "' cannot be read");
        }
        Arrays.sort(files);
        for (File file : files) {
            if (file.getName().endsWith(".jar")) {
                addJar(urls, file);
            }
        }
    }

    private static void addJar(List<URL> urls, File jar) {
        if (!jar.exists()) {
            throw new BootException("the handler jar '" + jar + "' does not exist");
        }
        try {
            new ZipFile(jar).close();
        } catch (IOException e) {
            throw new BootException("the handler jar '" + jar + "' cannot be read: " + e.getMessage(), e);
        }
        urls.add(url(jar));
    }

    private static URL url(File file) {
        try {
            return file.toURI().toURL();
        } catch (MalformedURLException e) {
            throw new BootException("the handler path '" + file + "' has no URL: " + e.getMessage(), e);
        }
    }
}
