package org.procpool.server.http;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.OnDisconnect;
import org.procpool.server.desk.Asker;
import org.procpool.server.desk.TaskDesk;
import org.procpool.spool.Spool;
import org.procpool.task.TaskSpec;

/** Hands over what was asked, for the test to answer. */
final class FakeDesk implements TaskDesk {

    static final int PAYLOAD_BYTES_MAX = 100_000;

    final BlockingQueue<Question> questions = new LinkedBlockingQueue<>();
    final BlockingQueue<Question> left = new LinkedBlockingQueue<>();

    /** @param party empty unless a task was handed in
     * @param spec null unless a task was handed in */
    record Question(
            String what,
            String party,
            long id,
            long waitMillis,
            @Nullable TaskSpec spec,
            @Nullable OnDisconnect rule,
            Asker asker) {}

    @Override
    public int payloadBytesMax() {
        return PAYLOAD_BYTES_MAX;
    }

    /** Where the test wants large payloads. */
    volatile @Nullable Spool spool;

    @Override
    public @Nullable Spool spool() {
        return spool;
    }

    @Override
    public Runnable submit(String party, TaskSpec spec, OnDisconnect onDisconnect, Asker asker) {
        return asked(new Question("submit", party, 0, 0, spec, onDisconnect, asker));
    }

    @Override
    public Runnable query(long taskId, long waitMillis, Asker asker) {
        return asked(new Question("query", "", taskId, waitMillis, null, null, asker));
    }

    @Override
    public Runnable cancel(long taskId, Asker asker) {
        return asked(new Question("cancel", "", taskId, 0, null, null, asker));
    }

    private Runnable asked(Question question) {
        questions.add(question);
        return () -> left.add(question);
    }
}
