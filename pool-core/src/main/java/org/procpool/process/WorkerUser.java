package org.procpool.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Somebody whom workers run as. */
record WorkerUser(String name, long uid, long gid) {

    private static final long LOOK_SECONDS_MAX = 10;

    /** @throws IllegalArgumentException with a sentence for people if there is no such user */
    static WorkerUser find(String name) {
        WorkerUser user = new WorkerUser(name, number("-u", name), number("-g", name));
        if (user.uid == 0) {
            throw new IllegalArgumentException(
                    "worker-user is '" + name + "', which is root by another name; choose one without its rights");
        }
        return user;
    }

    /** By the program of the system, which also knows users that stand in no file. */
    private static long number(String which, String name) {
        try {
            Process id = new ProcessBuilder("id", which, "--", name)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String text = new String(id.getInputStream().readNBytes(64), StandardCharsets.US_ASCII).strip();
            if (id.waitFor(LOOK_SECONDS_MAX, TimeUnit.SECONDS) && id.exitValue() == 0) {
                return Long.parseLong(text);
            }
            id.destroyForcibly();
        } catch (IOException | NumberFormatException e) {
            throw new IllegalArgumentException("worker-user '" + name + "' cannot be looked up: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IllegalArgumentException("worker-user is '" + name + "', and there is no such user");
    }
}
