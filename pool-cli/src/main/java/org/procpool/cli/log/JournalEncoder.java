package org.procpool.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;

/** Puts the level in front of every line as journald wants it: a stack trace is many entries there. */
final class JournalEncoder extends EncoderBase<ILoggingEvent> {

    private static final byte[] NOTHING = new byte[0];

    private final PatternLayout layout;

    JournalEncoder(PatternLayout layout) {
        this.layout = layout;
    }

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        String prefix = "<" + priority(event.getLevel()) + ">";
        StringBuilder lines = new StringBuilder();
        layout.doLayout(event)
                .lines()
                .forEach(line -> lines.append(prefix).append(line).append('\n'));
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Of syslog. */
    private static int priority(Level level) {
        return switch (level.toInt()) {
            case Level.ERROR_INT -> 3;
            case Level.WARN_INT -> 4;
            case Level.INFO_INT -> 6;
            default -> 7;
        };
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }
}
