package org.procpool.samples;

import org.procpool.proto.Payload;
import org.procpool.worker.TaskContext;
import org.procpool.worker.TaskHandler;

/** The Fibonacci number of a text such as {@code 35}, by plain recursion: work that keeps a processor busy. */
final class Fib implements TaskHandler {

    /** fib(93) does not fit a long. */
    private static final int NUMBER_MAX = 92;

    /** Each call for this number takes about 100 µs, so a cancel is noticed soon and costs nothing measurable. */
    private static final int CHECKED_NUMBER = 20;

    @Override
    public Payload handle(TaskContext context, Payload payload) throws InterruptedException {
        return Payload.of(String.valueOf(fib(parse(payload.text()))));
    }

    private static int parse(String text) {
        try {
            int number = Integer.parseInt(text.strip());
            if (number >= 0 && number <= NUMBER_MAX) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, as for numbers out of range.
        }
        throw new IllegalArgumentException("fib takes a whole number from 0 to " + NUMBER_MAX + ", such as 35");
    }

    static long fib(int number) throws InterruptedException {
        if (number == CHECKED_NUMBER && Thread.interrupted()) {
            throw new InterruptedException("fib was cancelled");
        }
        return number < 2 ? number : fib(number - 1) + fib(number - 2);
    }
}
