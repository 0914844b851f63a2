package org.procpool.server.security;

import java.util.EnumSet;
import java.util.Set;

/** What somebody may do, by the token that was presented. Immutable. */
public final class Grant {

    /** Of everybody, when no token is asked for. */
    static final Grant ANYBODY = new Grant("anybody", EnumSet.of(Scope.SUBMIT, Scope.READ), new byte[0]);

    private final String name;
    private final Set<Scope> scopes;
    private final byte[] digest;

    Grant(String name, Set<Scope> scopes, byte[] digest) {
        this.name = name;
        this.scopes = scopes.contains(Scope.ADMIN) ? Scope.all() : EnumSet.copyOf(scopes);
        this.digest = digest;
    }

    /** For logs and messages; no secret. */
    public String name() {
        return name;
    }

    public boolean allows(Scope scope) {
        return scopes.contains(scope);
    }

    boolean sameScopes(Grant other) {
        return scopes.equals(other.scopes);
    }

    /** SHA-256 of the token. */
    byte[] digest() {
        return digest;
    }
}
