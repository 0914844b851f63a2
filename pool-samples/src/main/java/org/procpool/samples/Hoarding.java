package org.procpool.samples;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.procpool.proto.Payload;
import org.procpool.worker.TaskContext;

/** Handlers that take or give more than is good. */
final class Hoarding {

    private static final int BLOCK_BYTES = 1 << 20;

    /** Static, so what was hoarded stays when the task is over. */
    private static final List<byte[]> KEPT = new ArrayList<>();

    private Hoarding() {}

    /** Fills the heap; with a number as payload only so many MiB of it. */
    static Payload leak(TaskContext context, Payload payload) {
        int blocks = payload.size() == 0 ? Integer.MAX_VALUE : number(payload);
        for (int i = 0; i < blocks; i++) {
            KEPT.add(new byte[BLOCK_BYTES]);
        }
        return Payload.of("kept " + KEPT.size() + " MiB");
    }

    /** Prints so many MB to standard output and as many to standard error, with no line end in them. */
    static Payload flood(TaskContext context, Payload payload) {
        byte[] block = new byte[1_000_000];
        Arrays.fill(block, (byte) '#');
        for (int i = number(payload); i > 0; i--) {
            System.out.write(block, 0, block.length);
            System.err.write(block, 0, block.length);
        }
        System.out.flush();
        System.err.flush();
        return payload;
    }

    /** A result of so many bytes. */
    static Payload bigResult(TaskContext context, Payload payload) {
        return Payload.of(new byte[number(payload)]);
    }

    private static int number(Payload payload) {
        return Integer.parseInt(payload.text().strip());
    }
}
