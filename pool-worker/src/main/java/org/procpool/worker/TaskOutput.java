package org.procpool.worker;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.OutputMark;

/**
 * Standard output and error of this process. Passes everything on at once, says in between which task it belongs to,
 * and keeps the last of what the running task has printed. What does not go through {@code System.out} and {@code
 * System.err}, such as the output of native code, is passed on by the system and not kept here. Any thread may print.
 */
final class TaskOutput {

    /** How much of a task's output comes with its failure, in bytes. */
    static final int TAIL_BYTES_MAX = 8 * 1024;

    private static final String CUT = "… ";

    private final TaskThread thread;

    // Guarded by this.
    private final byte[] tail = new byte[TAIL_BYTES_MAX];
    /** Bytes of the marked run so far; the last of them are in the tail, each at its position mod its size. */
    private long printed;

    private boolean lineOpen;

    /** Whose output goes out now; null for nobody's. Written under the monitor; the task thread looks without it. */
    private volatile @Nullable TaskRun marked;

    private TaskOutput(TaskThread thread) {
        this.thread = thread;
    }

    /** Everything printed from now on goes through it. To be called once. */
    static TaskOutput install(TaskThread thread) {
        TaskOutput output = new TaskOutput(thread);
        System.setOut(output.stream(FileDescriptor.out));
        System.setErr(output.stream(FileDescriptor.err));
        return output;
    }

    private PrintStream stream(FileDescriptor descriptor) {
        // In the encoding that the supervisor reads, whatever the locale.
        return new PrintStream(new Sink(new FileOutputStream(descriptor)), true, StandardCharsets.UTF_8);
    }

    /** What was printed so far, also by the virtual machine, is no task's. */
    synchronized void bootEnds() {
        mark(FileDescriptor.out, OutputMark.end());
    }

    /** What the run has printed last, at most {@link #TAIL_BYTES_MAX} in UTF-8; before {@link #end}. */
    synchronized String tail(TaskRun run) {
        if (marked != run) {
            return "";
        }
        int length = (int) Math.min(printed, TAIL_BYTES_MAX);
        byte[] last = new byte[length];
        for (int i = 0; i < length; i++) {
            last[i] = tail[(int) ((printed - length + i) % TAIL_BYTES_MAX)];
        }
        String text = new String(last, StandardCharsets.UTF_8).stripTrailing();
        if (text.getBytes(StandardCharsets.UTF_8).length > TAIL_BYTES_MAX) {
            // Not text: what stands for a byte that is none takes three.
            text = text.substring(text.length() - TAIL_BYTES_MAX / 3);
        }
        return printed > TAIL_BYTES_MAX ? CUT + text.substring(text.indexOf('\n') + 1) : text;
    }

    /**
     * The run is over: what is printed from now on is not its.
     *
     * @return whether it did not print: then this has cost next to nothing
     */
    boolean end(TaskRun run) {
        if (marked != run) {
            return true;
        }
        synchronized (this) {
            printed = 0;
            marked = null;
            mark(FileDescriptor.out, OutputMark.end());
        }
        return false;
    }

    private void mark(FileDescriptor descriptor, byte[] mark) {
        try {
            // Not closed: that would close the descriptor, too.
            FileOutputStream file = new FileOutputStream(descriptor);
            if (lineOpen) {
                file.write('\n');
            }
            file.write(mark);
            lineOpen = false;
        } catch (IOException e) {
            // Nobody reads any more; whoever prints gets to know.
            lineOpen = false;
        }
    }

    private synchronized void pass(FileOutputStream file, byte[] bytes, int offset, int length) throws IOException {
        TaskRun run = thread.running();
        if (run != marked) {
            marked = run;
            printed = 0;
            mark(file.getFD(), run == null ? OutputMark.end() : run.outputMark());
        }
        file.write(bytes, offset, length);
        if (length > 0) {
            lineOpen = bytes[offset + length - 1] != '\n';
            keep(bytes, offset, length);
        }
    }

    private void keep(byte[] bytes, int offset, int length) {
        int kept = Math.min(length, TAIL_BYTES_MAX);
        int from = offset + length - kept;
        printed += length - kept;
        int place = (int) (printed % TAIL_BYTES_MAX);
        int first = Math.min(kept, TAIL_BYTES_MAX - place);
        System.arraycopy(bytes, from, tail, place, first);
        System.arraycopy(bytes, from + first, tail, 0, kept - first);
        printed += kept;
    }

    private final class Sink extends OutputStream {

        private final FileOutputStream file;

        Sink(FileOutputStream file) {
            this.file = file;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            pass(file, bytes, offset, length);
        }
    }
}
