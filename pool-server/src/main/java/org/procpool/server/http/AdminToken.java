package org.procpool.server.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;

/** The secret that actions need. Safe for use by any thread. */
final class AdminToken {

    private static final int RANDOM_BYTES = 32;
    private static final String SCHEME = "Bearer ";

    private final byte[] secret;

    private AdminToken(byte[] secret) {
        this.secret = secret;
    }

    static AdminToken random() {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        return new AdminToken(HexFormat.of().formatHex(random).getBytes(StandardCharsets.US_ASCII));
    }

    /** Whether the value of an Authorization header carries it; takes equally long for every wrong one. */
    boolean isIn(String authorization) {
        return MessageDigest.isEqual(bearer(authorization).getBytes(StandardCharsets.UTF_8), secret);
    }

    /** What such a header carries; empty if it is of another scheme. */
    static String bearer(String authorization) {
        return authorization.startsWith(SCHEME)
                ? authorization.substring(SCHEME.length()).strip()
                : "";
    }

    /** As it stands in the token file. */
    String text() {
        return new String(secret, StandardCharsets.US_ASCII);
    }
}
