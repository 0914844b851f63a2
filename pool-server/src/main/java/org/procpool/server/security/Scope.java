package org.procpool.server.security;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a token is good for. */
public enum Scope {
    /** Run tasks, cancel them, fetch their results. */
    SUBMIT,
    /** See what the pool is doing. */
    READ,
    /** Steer the pool; good for everything else too. */
    ADMIN;

    /** As it stands in a token file; null if there is no such scope. */
    static @Nullable Scope of(String text) {
        for (Scope scope : values()) {
            if (scope.label().equals(text)) {
                return scope;
            }
        }
        return null;
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Set<Scope> all() {
        return EnumSet.allOf(Scope.class);
    }
}
