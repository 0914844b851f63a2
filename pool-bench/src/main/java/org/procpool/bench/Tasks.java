package org.procpool.bench;

import java.nio.ByteBuffer;
import org.procpool.proto.WireOutput;

/** The tasks of a connection, of one kind or several. Owned by one load thread. */
final class Tasks {

    private final Workload[] kinds;
    /** Empty if there is one kind. */
    private final int[] turns;

    Tasks(BenchOptions options) {
        Mixture mixture = options.mixture();
        if (mixture.kinds().isEmpty()) {
            kinds = new Workload[] {new Workload(options.task(), options.payloadBytes())};
            turns = new int[0];
        } else {
            kinds = mixture.kinds().stream().map(Mixture.Kind::workload).toArray(Workload[]::new);
            turns = mixture.turns();
        }
    }

    private Workload of(long correlation) {
        return turns.length == 0 ? kinds[0] : kinds[turns[Mixture.turn(correlation, turns.length)]];
    }

    void writeTo(WireOutput out, long correlation) {
        of(correlation).writeTo(out, correlation);
    }

    boolean isRight(long correlation, ByteBuffer in, int start, int length) {
        return of(correlation).isRight(correlation, in, start, length);
    }
}
