package org.procpool.recorder;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * The shared memory itself: the one class that touches it, apart from the bytes that {@link RingWriter} appends.
 *
 * <p>A file that somebody truncates makes every access to its memory a bus error, which the JVM turns into an
 * {@link InternalError}, and this class into a {@link CorruptRecorderException}. Two things about that were seen on JDK
 * 17 and 25. Compiled code may throw the error a little later, outside of the method that caused it, so whoever owns a
 * supervisor's loop treats a stray one as a reason to {@link SupervisorPage#verify() verify} all pages. And a
 * compare-and-set that the interpreter runs has no such protection, it ends the JVM: the supervisor therefore asks for
 * the file's size before each.
 *
 * <p>There is no unmap: Java 17 has none for a mapping, short of an unsupported class with which one slip crashes the
 * supervisor. The address range goes when the garbage collector finds the buffer; the memory behind it goes earlier,
 * when {@link SupervisorPage#close} truncates the file.
 */
final class MappedPage {

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final ByteBuffer memory;

    private MappedPage(ByteBuffer memory) {
        this.memory = memory;
    }

    /** Maps the whole file, which stays mapped when the channel is closed. */
    static MappedPage map(FileChannel channel, int bytes) throws IOException {
        ByteBuffer memory = Mapping.of(channel, bytes);
        memory.order(ByteOrder.nativeOrder());
        return new MappedPage(memory);
    }

    /** Sees everything that the other process wrote before it released this value. */
    long getAcquire(int offset) {
        try {
            return (long) LONG.getAcquire(memory, offset);
        } catch (InternalError e) {
            throw truncated(e);
        }
    }

    /** Lets the other process see everything written before, as soon as it sees this value. */
    void setRelease(int offset, long value) {
        try {
            LONG.setRelease(memory, offset, value);
        } catch (InternalError e) {
            throw truncated(e);
        }
    }

    /** Atomic between processes; has the effects of both {@link #getAcquire} and {@link #setRelease}. */
    boolean compareAndSet(int offset, long expected, long value) {
        try {
            return LONG.compareAndSet(memory, offset, expected, value);
        } catch (InternalError e) {
            throw truncated(e);
        }
    }

    /** Copies into the target, as many bytes as are asked for. */
    void copy(int offset, int length, ByteBuffer target) {
        try {
            target.put(memory.slice(offset, length));
        } catch (InternalError e) {
            throw truncated(e);
        }
    }

    /** The memory from there on, for the writer of the ring. */
    ByteBuffer slice(int offset, int length) {
        return memory.slice(offset, length);
    }

    private static CorruptRecorderException truncated(InternalError cause) {
        return new CorruptRecorderException("the memory of the flight recorder is gone: somebody cut its file", cause);
    }
}
