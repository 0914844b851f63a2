package org.procpool.server.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.InetAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.procpool.server.security.Gatekeeper;
import org.procpool.server.security.Grant;
import org.procpool.server.security.Scope;

/**
 * Decides who may ask for what, by method and path alone, so that no new path is open by oversight: what is not known
 * here needs the admin scope. Used on the admin loop only.
 */
final class Access {

    private static final String TASK = "/api/tasks/";

    private final AdminToken own;
    private final Gatekeeper gatekeeper;
    private final SameHost sameHost;

    /** @param own of this service alone, good for everything */
    Access(AdminToken own, Gatekeeper gatekeeper) {
        this.own = own;
        this.gatekeeper = gatekeeper;
        this.sameHost = new SameHost(gatekeeper);
    }

    /**
     * Lets the request through, or does not.
     *
     * @param bound the address that the connection came in on
     * @return what lets it through, as long as that {@link #holds}; null if nothing can end it
     * @throws HttpException 400, 401, 403 or 421
     */
    @Nullable
    Grant check(HttpRequest request, String path, InetAddress bound) throws HttpException {
        sameHost.check(request.headers(), bound);
        Scope scope = scope(request.method(), path);
        if (scope == null) {
            return null;
        }
        String authorization = request.headers().get(HttpHeaderNames.AUTHORIZATION);
        if (authorization != null && own.isIn(authorization)) {
            return null;
        }
        String token = authorization == null ? "" : AdminToken.bearer(authorization);
        Grant grant = gatekeeper.grant(token);
        if (grant != null && grant.allows(scope)) {
            return grant;
        }
        if (grant == null || !gatekeeper.asksForTokens()) {
            throw unauthorized(scope);
        }
        throw new HttpException(
                HttpResponseStatus.FORBIDDEN,
                "the token '" + grant.name() + "' has not the scope " + scope.label() + ", which this needs");
    }

    /** Whether what was let through may still go on. */
    boolean holds(@Nullable Grant grant) {
        return grant == null || gatekeeper.holds(grant);
    }

    /** Who is let through: whoever has that token, or where no tokens are asked for whoever comes from there. */
    String party(@Nullable Grant grant, InetAddress remote) {
        return grant == null || !gatekeeper.asksForTokens()
                ? "address " + remote.getHostAddress()
                : "token " + grant.name();
    }

    private HttpException unauthorized(Scope scope) {
        String which = gatekeeper.asksForTokens()
                ? "a token of the scope " + scope.label()
                : "the token that lies in the service's run directory";
        return new HttpException(
                HttpResponseStatus.UNAUTHORIZED,
                "this needs 'Authorization: Bearer' with " + which,
                Map.of(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer"));
    }

    /** Null for what everybody may see who can connect: whether it lives, and pages without data. */
    static @Nullable Scope scope(HttpMethod method, String path) {
        if (path.startsWith(TASK)) {
            return Scope.SUBMIT;
        }
        if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            return Scope.ADMIN;
        }
        return path.startsWith("/api/") || path.startsWith("/metrics") ? Scope.READ : null;
    }
}
