package org.procpool.cli.doctor;

import java.util.Locale;

/**
 * One thing that a service needs or can use.
 *
 * @param subject what it is
 * @param verdict how it is here
 * @param found what was seen
 * @param loss what is lost without it; empty if nothing is
 * @param remedy what to install or to change; empty if nothing
 */
public record Finding(String subject, Verdict verdict, String found, String loss, String remedy) {

    /** How a thing is here. */
    public enum Verdict {
        /** It is there. */
        OK,
        /** It is not there, and the service does without, at some cost. */
        MISSING,
        /** It is there for those who want something that most do not. */
        OPTIONAL,
        /** The service does not start like this. */
        BROKEN;

        /** As it is shown. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Finding ok(String subject, String found) {
        return new Finding(subject, Verdict.OK, found, "", "");
    }
}
