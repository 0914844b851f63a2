package org.procpool.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAware;
import ch.qos.logback.core.spi.LifeCycle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets up the log of a service on standard error. Any thread, one at a time. */
public final class ServiceLog {

    private static final String FOR_A_TERMINAL = "%d{HH:mm:ss.SSS} %-5level %logger{0}: %msg%n";
    private static final String FOR_A_FILE = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0}: %msg%n";
    private static final String FOR_JOURNALD = "%logger{0}: %msg%n";

    private ServiceLog() {}

    /**
     * The format for where standard error leads.
     *
     * @param environment where systemd says which stream goes to its journal
     */
    public static LogFormat fitting(Map<String, String> environment) {
        String journal = environment.getOrDefault("JOURNAL_STREAM", "");
        return !journal.isEmpty() && journal.equals(standardError()) ? LogFormat.journal : LogFormat.human;
    }

    /** As systemd writes it: device and inode. */
    private static String standardError() {
        try {
            Path file = Path.of("/proc/self/fd/2");
            return Files.getAttribute(file, "unix:dev") + ":" + Files.getAttribute(file, "unix:ino");
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return "";
        }
    }

    /**
     * From now on, for all loggers there are.
     *
     * @param level {@code error}, {@code warn}, {@code info} or {@code debug}
     * @param terminal whether people read it as it comes
     */
    public static void begin(LogFormat format, String level, boolean terminal) {
        LoggerContext context = context();
        context.reset();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setTarget("System.err");
        appender.setEncoder(encoder(context, format, terminal));
        started(context, appender);
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
        context.addTurboFilter(started(context, new FloodGate()));
        setLevel(level);
    }

    /** Changes how much is said. */
    static void setLevel(String level) {
        LoggerContext context = context();
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.valueOf(level.toUpperCase(Locale.ROOT)));
        // Netty's own debugging is never of use to an operator.
        context.getLogger("io.netty").setLevel(Level.WARN);
    }

    private static LoggerContext context() {
        return (LoggerContext) LoggerFactory.getILoggerFactory();
    }

    static Encoder<ILoggingEvent> encoder(LoggerContext context, LogFormat format, boolean terminal) {
        return switch (format) {
            case human -> {
                PatternLayoutEncoder encoder = new PatternLayoutEncoder();
                encoder.setPattern(terminal ? FOR_A_TERMINAL : FOR_A_FILE);
                yield started(context, encoder);
            }
            case journal -> {
                PatternLayout layout = new PatternLayout();
                layout.setPattern(FOR_JOURNALD);
                yield started(context, new JournalEncoder(started(context, layout)));
            }
            case json -> started(context, json());
        };
    }

    /** What is left out repeats something, or is of use to nobody who reads lines. */
    private static JsonEncoder json() {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setWithFormattedMessage(true);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithContext(false);
        return encoder;
    }

    private static <T extends ContextAware & LifeCycle> T started(LoggerContext context, T part) {
        part.setContext(context);
        part.start();
        return part;
    }
}
