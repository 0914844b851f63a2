package org.procpool.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Standard output, of which it is told once that nobody reads it any more: what is written after the first failure is
 * dropped, so that a command that ends because of it does not fail a second time. Not thread-safe.
 */
final class PipeOutput extends FilterOutputStream {

    private boolean failed;

    PipeOutput(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        if (failed) {
            return;
        }
        try {
            out.write(bytes, from, length);
        } catch (IOException e) {
            failed = true;
            throw e;
        }
    }

    @Override
    public void flush() throws IOException {
        if (!failed) {
            out.flush();
        }
    }
}
