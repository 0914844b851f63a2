package org.procpool.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A {@link Confinement} on this machine: its user is known, its programs are there. Immutable. */
public final class Enclosure {

    /** No confinement: workers are processes like this one. */
    public static final Enclosure NONE = new Enclosure(List.of(), null);

    /** Who may pass does not see what is in it. */
    static final Set<PosixFilePermission> PASSABLE = PosixFilePermissions.fromString("rwx--x--x");

    private static final String OWN_USER = System.getProperty("user.name", "");

    private final List<String> prefix;
    private final @Nullable WorkerUser user;

    private Enclosure(List<String> prefix, @Nullable WorkerUser user) {
        this.prefix = prefix;
        this.user = user;
    }

    /**
     * Looks up what the confinement names.
     *
     * @throws IllegalArgumentException with a sentence for people if it is not there, or not for this process to use
     */
    public static Enclosure of(Confinement confinement) {
        if (!confinement.prefix().isEmpty()) {
            ProgramOptions.checkProgram(confinement.prefix().get(0), "the worker-command-prefix");
        }
        if (confinement.user().isEmpty()) {
            return new Enclosure(confinement.prefix(), null);
        }
        if (!OWN_USER.equals("root")) {
            throw new IllegalArgumentException("worker-user is '" + confinement.user() + "' and this is " + OWN_USER
                    + "; only root may run workers as somebody else");
        }
        if (!Leash.changesUsers()) {
            throw new IllegalArgumentException(
                    "worker-user needs setpriv, which is part of util-linux; install it, or leave worker-user out");
        }
        return new Enclosure(confinement.prefix(), WorkerUser.find(confinement.user()));
    }

    /** Whether a worker sees this process, and may open its descriptors. */
    public boolean seesSupervisor() {
        return prefix.isEmpty() && user == null;
    }

    /** Whether a worker's parent is this process, as it sees it. */
    boolean parentIsSupervisor() {
        return prefix.isEmpty();
    }

    /**
     * The words before a worker's command.
     *
     * @param directory of its own
     * @param page of its flight recorder; null if it has none
     */
    List<String> words(WorkerSettings settings, Path directory, @Nullable Path page) {
        List<String> words = new ArrayList<>(user == null ? Leash.words() : Leash.words(user));
        for (String word : prefix) {
            // Whatever binds what there is not may as well bind something that is there.
            words.add(word.replace("{dir}", directory.toString())
                    .replace("{socket}", settings.socket().toString())
                    .replace("{page}", (page == null ? directory : page).toString())
                    .replace(
                            "{handlers}", settings.handlers().isEmpty() ? directory.toString() : settings.classPath()));
        }
        return words;
    }

    /** Makes something of this process its workers'. */
    public void give(Path file) throws IOException {
        if (user != null) {
            Files.setOwner(
                    file, file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user.name()));
        }
    }

    /** Lets workers pass a directory of this process on their way to what was given to them. */
    void letPass(Path directory) throws IOException {
        if (user != null) {
            Files.setPosixFilePermissions(directory, PASSABLE);
        }
    }
}
