package org.procpool.system;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What can keep workers apart on this machine. */
final class Confinement {

    /** Words that run a command as {@code nobody}. */
    private static final List<String> AS_NOBODY =
            List.of("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--");

    private Confinement() {}

    /** Whether bubblewrap is there, and namespaces are allowed. */
    static boolean inSandbox() throws Exception {
        return succeeds(List.of("bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"));
    }

    /** Whether this is root, and {@code nobody} can read what was built. */
    static boolean asNobody() throws Exception {
        return asNobodySucceeds(
                "test", "-r", Cli.ROOT.resolve("pool-cli/target/dist/classpath").toString());
    }

    static boolean asNobodySucceeds(String... words) throws Exception {
        List<String> command = new ArrayList<>(AS_NOBODY);
        command.addAll(List.of(words));
        return succeeds(command);
    }

    private static boolean succeeds(List<String> command) throws Exception {
        try (Program program = Program.start(new ProcessBuilder(command))) {
            return program.exitCode() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
