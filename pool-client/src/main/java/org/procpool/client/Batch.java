package org.procpool.client;

import java.util.HashSet;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Submits requests as fast as their results are taken: at most so many are under way or wait to be taken, so neither a
 * long source nor a slow taker needs memory. Owned by the thread that iterates.
 */
final class Batch implements Iterator<Completion>, AutoCloseable {

    private final Session session;
    private final Iterator<TaskRequest> source;
    private final int underWayMax;
    /** Filled by the threads that complete futures, never beyond {@code underWayMax}. */
    private final BlockingQueue<Done> done = new LinkedBlockingQueue<>();

    private final Set<Task> underWay = new HashSet<>();
    private long nextIndex;

    private final class Task extends Pending {
        private final long index;

        Task(TaskRequest request, long index) {
            super(session, request, false, null, null);
            this.index = index;
        }

        @Override
        void onEnd(TaskResult result) {
            done.add(new Done(this, new Completion(index, request, result)));
        }
    }

    private record Done(Task task, Completion completion) {}

    Batch(Session session, Iterator<TaskRequest> source, int underWayMax) {
        this.session = session;
        this.source = source;
        this.underWayMax = underWayMax;
    }

    @Override
    public boolean hasNext() {
        while (underWay.size() < underWayMax && source.hasNext()) {
            submit(source.next());
        }
        return !underWay.isEmpty();
    }

    private void submit(TaskRequest request) {
        Task task = new Task(request, nextIndex++);
        underWay.add(task);
        session.submit(task, true);
    }

    @Override
    public Completion next() {
        if (!hasNext()) {
            throw new NoSuchElementException("all results of the batch were taken");
        }
        try {
            Done next = done.take();
            underWay.remove(next.task);
            return next.completion;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClientException(ClientException.INTERRUPTED, "interrupted while waiting for a result", e);
        }
    }

    /** Cancels what is under way. */
    @Override
    public void close() {
        underWay.forEach(Pending::withdraw);
        underWay.clear();
    }
}
