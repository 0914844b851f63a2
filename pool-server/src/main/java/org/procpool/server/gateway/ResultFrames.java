package org.procpool.server.gateway;

import org.jspecify.annotations.Nullable;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;
import org.procpool.proto.ResultFrame;
import org.procpool.proto.TaskError;
import org.procpool.task.Outcome;

/** Tells clients how a task ended. */
final class ResultFrames {

    private static final int NANOS_PER_MICRO = 1_000;
    private static final int UTF8_BYTES_MAX = 3;
    /** What the lengths of report, error, result and frame may grow by. */
    private static final int LENGTHS_BYTES_MAX = 16;

    private static final String CUT = "\n… the rest of the report was cut\n";

    private ResultFrames() {}

    /**
     * The frame.
     *
     * @param frameBytesMax what the client takes; a report that is too long for it is cut
     */
    static ResultFrame of(long correlation, Outcome outcome, int frameBytesMax) {
        TaskError error = outcome.error();
        if (error == null || error.autopsy().isEmpty()) {
            return frame(correlation, outcome, error);
        }
        ResultFrame bare = frame(correlation, outcome, error.withAutopsy(CUT));
        long room = Math.max(0, (long) frameBytesMax - bare.bodySize() - LENGTHS_BYTES_MAX);
        int charsMax = (int) Math.min(TaskError.AUTOPSY_CHARS_MAX - CUT.length(), room / UTF8_BYTES_MAX);
        return frame(correlation, outcome, error.withAutopsy(cut(error.autopsy(), charsMax)));
    }

    private static String cut(String text, int charsMax) {
        if (text.length() <= charsMax) {
            return text;
        }
        boolean pair = charsMax > 0 && Character.isHighSurrogate(text.charAt(charsMax - 1));
        return text.substring(0, pair ? charsMax - 1 : charsMax) + CUT;
    }

    private static ResultFrame frame(long correlation, Outcome outcome, @Nullable TaskError error) {
        return new ResultFrame(
                correlation,
                outcome.taskId(),
                outcome.kind(),
                outcome.worker() == null ? 0 : outcome.worker().slot(),
                outcome.workerPid(),
                outcome.attempts(),
                outcome.queuedNanos() / NANOS_PER_MICRO,
                outcome.runNanos() / NANOS_PER_MICRO,
                error,
                outcome.kind() == OutcomeKind.SUCCEEDED ? outcome.payload() : Payload.EMPTY);
    }
}
