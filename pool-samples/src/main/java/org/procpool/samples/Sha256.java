package org.procpool.samples;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.procpool.proto.Payload;
import org.procpool.worker.TaskContext;
import org.procpool.worker.TaskHandler;

/** SHA-256 of the payload's bytes, in hexadecimal. */
final class Sha256 implements TaskHandler {

    @Override
    public Payload handle(TaskContext context, Payload payload) {
        MessageDigest digest = digest();
        digest.update(payload.buffer());
        return hex(digest);
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static Payload hex(MessageDigest digest) {
        return Payload.of(HexFormat.of().formatHex(digest.digest()));
    }
}
