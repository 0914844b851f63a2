package org.procpool.samples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.procpool.proto.Payload;
import org.procpool.worker.TaskContext;
import org.procpool.worker.TaskHandler;

/**
 * SHA-256 of a file on the worker's machine, in hexadecimal; the payload is its path. For files that are larger than
 * a payload may be: it reads in blocks, tells its progress and stops when it is cancelled.
 */
final class Sha256File implements TaskHandler {

    private static final int BLOCK_BYTES = 1 << 20;

    @Override
    public Payload handle(TaskContext context, Payload payload) throws IOException, InterruptedException {
        Path file = Path.of(payload.text().strip());
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("sha256-file takes the path of a file that the worker can read");
        }
        long size = Math.max(1, Files.size(file));
        MessageDigest digest = Sha256.digest();
        byte[] block = new byte[BLOCK_BYTES];
        long done = 0;
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(block); count >= 0; count = in.read(block)) {
                if (context.isCancelled()) {
                    throw new InterruptedException("sha256-file was cancelled");
                }
                digest.update(block, 0, count);
                done += count;
                context.progress((double) done / size, done / BLOCK_BYTES + " MiB");
            }
        }
        return Sha256.hex(digest);
    }
}
