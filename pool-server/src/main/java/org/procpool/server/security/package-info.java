/**
 * Who may do what: TLS, tokens and their scopes, read from files that may change while the service runs. Knows no other
 * room of the service.
 */
@NullMarked
package org.procpool.server.security;

import org.jspecify.annotations.NullMarked;
