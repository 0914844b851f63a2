package org.procpool.samples;

import java.time.Duration;
import org.procpool.proto.Payload;
import org.procpool.worker.TaskContext;
import org.procpool.worker.TaskHandler;

/** Does nothing for {@code 150ms}, {@code 2s} or {@code 5m}; a cancel wakes it. */
final class Sleep implements TaskHandler {

    @Override
    public Payload handle(TaskContext context, Payload payload) throws InterruptedException {
        Duration duration = parse(payload.text().strip());
        Thread.sleep(duration.toMillis());
        return Payload.of("slept " + duration.toMillis() + " ms");
    }

    static Duration parse(String text) {
        int digits = 0;
        while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
            digits++;
        }
        try {
            long amount = Long.parseLong(text.substring(0, digits));
            return switch (text.substring(digits)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                default -> throw new NumberFormatException("no unit");
            };
        } catch (NumberFormatException | ArithmeticException e) {
            throw new IllegalArgumentException("sleep takes a duration such as 150ms, 2s or 5m", e);
        }
    }
}
