package org.procpool.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Words in front of a command that tie it to the process that starts it. The programs set something and become the
 * command, so its pid is the one that was started.
 */
final class Leash {

    static final boolean LINUX =
            System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux");

    /** Null where there is none: then a rehearsal competes with the workers. */
    static final @Nullable Path NICE = find("nice");

    /** Null where there is none: then a signal to the terminal's process group reaches the command too. */
    private static final @Nullable Path SETSID = find("setsid");

    /** Null where there is none: then the command has to notice by itself that it is orphaned. */
    private static final @Nullable Path SETPRIV = find("setpriv");

    private Leash() {}

    private static @Nullable Path find(String tool) {
        return LINUX ? ProgramOptions.find(tool) : null;
    }

    /**
     * Makes the command the first of a session and process group of its own, so that Ctrl-C in a terminal is not for
     * it, and has the kernel kill it when the thread ends that starts it.
     */
    static List<String> words() {
        return words(List.of());
    }

    /** The same, and the command is that user's and can never become more. */
    static List<String> words(WorkerUser user) {
        // In one call with the death signal, which a change of user would clear.
        return words(List.of(
                "--reuid",
                Long.toString(user.uid()),
                "--regid",
                Long.toString(user.gid()),
                "--clear-groups",
                "--no-new-privs"));
    }

    /** Whether there is a program to do that. */
    static boolean changesUsers() {
        return SETPRIV != null;
    }

    private static List<String> words(List<String> more) {
        List<String> words = new ArrayList<>();
        if (SETSID != null) {
            words.add(SETSID.toString());
        }
        if (SETPRIV != null) {
            words.add(SETPRIV.toString());
            words.addAll(more);
            words.addAll(List.of("--pdeathsig", "KILL", "--"));
        }
        return words;
    }
}
