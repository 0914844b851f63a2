package org.procpool.server.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.procpool.secret.SecretFile;

/**
 * The tokens of a file, one a line: {@code NAME SCOPE[,SCOPE] TOKEN}. Only their digests are kept. Immutable.
 */
final class TokenTable {

    private static final int TOKEN_CHARS_MIN = 16;
    private static final int TOKEN_CHARS_MAX = 1024;

    private final List<Grant> grants;

    private TokenTable(List<Grant> grants) {
        this.grants = grants;
    }

    /**
     * Reads the file.
     *
     * @throws IOException with a sentence for people that names the line and shows no token
     */
    static TokenTable read(Path file) throws IOException {
        List<Grant> grants = new ArrayList<>();
        Set<String> names = new HashSet<>();
        int number = 0;
        for (String line : SecretFile.text(file, "tokens file", false).split("\n", -1)) {
            number++;
            String text = line.strip();
            if (!text.isEmpty() && !text.startsWith("#")) {
                Grant grant = grant(text, "line " + number + " of the tokens file " + file);
                if (!names.add(grant.name())) {
                    throw new IOException("line " + number + " of the tokens file " + file + " has the name '"
                            + grant.name() + "' a second time");
                }
                grants.add(grant);
            }
        }
        if (grants.isEmpty()) {
            throw new IOException(
                    "there is no token in the tokens file " + file + "; write lines such as: ci submit " + "RANDOM");
        }
        return new TokenTable(List.copyOf(grants));
    }

    private static Grant grant(String line, String place) throws IOException {
        String[] words = line.split("\\s+", -1);
        if (words.length != 3) {
            throw new IOException(place + " must have three words: name, scopes, token");
        }
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (String word : words[1].split(",", -1)) {
            Scope scope = Scope.of(word);
            if (scope == null) {
                // The word is not shown: if the order is wrong it is the token.
                throw new IOException(place + ": the second word must be of submit, read and admin, with ',' between");
            }
            scopes.add(scope);
        }
        int length = words[2].length();
        if (length < TOKEN_CHARS_MIN || length > TOKEN_CHARS_MAX) {
            throw new IOException(place + ": the token has " + length + " characters, allowed are " + TOKEN_CHARS_MIN
                    + " to " + TOKEN_CHARS_MAX + "; make one with: openssl rand -hex 32");
        }
        return new Grant(words[0], scopes, digest(words[2]));
    }

    /** Takes equally long for every token of the same length, whether it is right or not. */
    @Nullable
    Grant find(String token) {
        byte[] digest = digest(token);
        Grant found = null;
        for (Grant grant : grants) {
            if (MessageDigest.isEqual(grant.digest(), digest)) {
                found = grant;
            }
        }
        return found;
    }

    /** Whether that grant, perhaps of an earlier table, is still good for the same. */
    boolean holds(Grant earlier) {
        return grants.stream()
                .anyMatch(
                        grant -> MessageDigest.isEqual(grant.digest(), earlier.digest()) && grant.sameScopes(earlier));
    }

    int size() {
        return grants.size();
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
