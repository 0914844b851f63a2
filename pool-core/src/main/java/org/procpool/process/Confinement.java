package org.procpool.process;

import java.util.List;

/**
 * What keeps workers apart from the supervisor and the rest of the machine. Immutable.
 *
 * @param prefix words in front of each worker's command, such as a sandbox; in them {@code {dir}} stands for the
 *     worker's own directory, {@code {socket}} for the socket that it connects to, {@code {page}} for its flight
 *     recorder and {@code {handlers}} for the class path of its handlers, all of which it needs; empty = none
 * @param user that workers run as; empty = the supervisor's
 */
public record Confinement(List<String> prefix, String user) {

    public static final Confinement NONE = new Confinement(List.of(), "");

    public Confinement {
        prefix = List.copyOf(prefix);
    }

    public Confinement withPrefix(List<String> value) {
        return new Confinement(value, user);
    }

    public Confinement withUser(String value) {
        return new Confinement(prefix, value);
    }
}
