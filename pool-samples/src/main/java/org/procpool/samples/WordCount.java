package org.procpool.samples;

import org.procpool.codec.JsonCodec;
import org.procpool.proto.Payload;
import org.procpool.worker.TaskContext;
import org.procpool.worker.TaskHandler;

/** Counts the lines, words and bytes of UTF-8 text, as {@code wc} does: a line is what a line feed ends. */
final class WordCount implements TaskHandler {

    record Counts(long lines, long words, long bytes) {}

    @Override
    public Payload handle(TaskContext context, Payload payload) {
        return JsonCodec.encode(count(payload), context.payloadBytesMax());
    }

    static Counts count(Payload payload) {
        String text = payload.text();
        long lines = 0;
        long words = 0;
        boolean inWord = false;
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            lines += next == '\n' ? 1 : 0;
            boolean space = Character.isWhitespace(next);
            words += !space && !inWord ? 1 : 0;
            inWord = !space;
        }
        return new Counts(lines, words, payload.size());
    }
}
