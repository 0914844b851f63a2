package org.procpool.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The Java that workers run on, as far as its files tell: nothing is started to find out.
 *
 * @param release feature release, for example 17
 * @param identity changes with every update of the installation
 */
record JavaInstallation(int release, String identity) {

    private static final String VERSION_KEY = "JAVA_VERSION=\"";
    private static final List<String> PARTS =
            List.of("lib/modules", "lib/server/libjvm.so", "lib/server/libjvm.dylib", "lib/server/classes.jsa");

    /** Looks at the installation that holds this executable; null if it is none that is known, a script for example. */
    static @Nullable JavaInstallation of(Path java) {
        try {
            Path executable = java.toRealPath();
            Path bin = executable.getParent();
            Path home = bin == null ? null : bin.getParent();
            if (home == null) {
                return null;
            }
            String about = Files.readString(home.resolve("release"));
            StringBuilder identity =
                    new StringBuilder().append(executable).append('\n').append(about);
            for (String part : PARTS) {
                Path file = home.resolve(part);
                if (Files.exists(file)) {
                    identity.append(state(file)).append('\n');
                }
            }
            return new JavaInstallation(release(about), identity.toString());
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    private static int release(String about) {
        String version = about.substring(about.indexOf(VERSION_KEY) + VERSION_KEY.length());
        int end = 0;
        while (Character.isDigit(version.charAt(end))) {
            end++;
        }
        return Integer.parseInt(version.substring(0, end));
    }

    /** Name, size and time of a file, which together change when somebody replaces it. */
    static String state(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return file.getFileName() + " " + attributes.size() + " "
                + attributes.lastModifiedTime().toInstant();
    }
}
