package org.procpool.recorder;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;

/**
 * Maps a file into memory. From Java 22 on by way of a memory segment, which this code, made for 17, knows by name
 * only: what {@link FileChannel#map} does there has the JDK spin a dozen classes of method handles, 20 ms of each boot
 * of a worker. The range of addresses goes either way when the garbage collector finds that nobody uses it.
 */
final class Mapping {

    private static final int SEGMENTS_SINCE = 22;

    private Mapping() {}

    /** Maps the first bytes of the file, to read and write. */
    static ByteBuffer of(FileChannel channel, int bytes) throws IOException {
        return Runtime.version().feature() < SEGMENTS_SINCE
                ? channel.map(MapMode.READ_WRITE, 0, bytes)
                : segment(channel, bytes);
    }

    /** {@code channel.map(READ_WRITE, 0, bytes, Arena.ofAuto()).asByteBuffer()} */
    private static ByteBuffer segment(FileChannel channel, int bytes) throws IOException {
        try {
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            Class<?> arena = Class.forName("java.lang.foreign.Arena");
            Class<?> segment = Class.forName("java.lang.foreign.MemorySegment");
            MethodHandle ofAuto = lookup.findStatic(arena, "ofAuto", MethodType.methodType(arena));
            MethodType mapType = MethodType.methodType(segment, MapMode.class, long.class, long.class, arena);
            MethodHandle map = lookup.findVirtual(FileChannel.class, "map", mapType);
            MethodHandle asBuffer =
                    lookup.findVirtual(segment, "asByteBuffer", MethodType.methodType(ByteBuffer.class));
            Object owner = (Object) ofAuto.invoke();
            Object mapped = (Object) map.invoke(channel, MapMode.READ_WRITE, 0L, (long) bytes, owner);
            return (ByteBuffer) asBuffer.invoke(mapped);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException("this Java does not map files as those from 22 on do", e);
        }
    }
}
