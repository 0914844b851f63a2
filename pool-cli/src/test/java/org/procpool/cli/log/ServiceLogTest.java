package org.procpool.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ServiceLogTest {

    private final LoggerContext context = new LoggerContext();

    private String written(LogFormat format, Level level, String message, Throwable error, Object... values) {
        Logger logger = context.getLogger("org.procpool.WorkerLog");
        LoggingEvent event = new LoggingEvent("here", logger, level, message, error, values);
        event.setMDCPropertyMap(Map.of("worker", "w1.2"));
        return new String(ServiceLog.encoder(context, format, false).encode(event), StandardCharsets.UTF_8);
    }

    @Test
    void journald_gets_the_level_in_front_of_each_line_of_a_stack_trace_too() {
        String text = written(LogFormat.journal, Level.ERROR, "it {}", new IllegalStateException("why"), "broke");
        assertThat(text).startsWith("<3>WorkerLog: it broke\n<3>java.lang.IllegalStateException: why\n<3>\tat ");
        assertThat(text.lines()).allMatch(line -> line.startsWith("<3>"));
        assertThat(written(LogFormat.journal, Level.WARN, "x", null)).isEqualTo("<4>WorkerLog: x\n");
        assertThat(written(LogFormat.journal, Level.INFO, "x", null)).startsWith("<6>");
        assertThat(written(LogFormat.journal, Level.DEBUG, "x", null)).startsWith("<7>");
    }

    @Test
    void json_is_one_object_a_line_with_what_it_is_about() throws Exception {
        String text = written(LogFormat.json, Level.WARN, "it {}\nhere", new IllegalStateException("why"), "broke");
        assertThat(text).endsWith("\n").containsOnlyOnce("\n");
        JsonNode json = new ObjectMapper().readTree(text);
        assertThat(json.path("level").asText()).isEqualTo("WARN");
        assertThat(json.path("formattedMessage").asText()).isEqualTo("it broke\nhere");
        assertThat(json.path("mdc").path("worker").asText()).isEqualTo("w1.2");
        assertThat(json.path("timestamp").asLong()).isPositive();
        assertThat(json.path("throwable").path("message").asText()).isEqualTo("why");
    }

    @Test
    void people_get_date_level_and_sentence() {
        assertThat(written(LogFormat.human, Level.INFO, "it {}", null, "works"))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\S+ INFO  WorkerLog: it works\n");
    }

    @Test
    void format_is_the_journals_only_if_standard_error_leads_there() {
        assertThat(ServiceLog.fitting(Map.of())).isEqualTo(LogFormat.human);
        assertThat(ServiceLog.fitting(Map.of("JOURNAL_STREAM", "8:99999999"))).isEqualTo(LogFormat.human);
    }

    // ---- floods

    private long nanos;

    private List<String> passed(int lines, long step) {
        FloodGate gate = new FloodGate(() -> nanos);
        gate.setContext(context);
        gate.start();
        context.addTurboFilter(gate);
        Logger logger = context.getLogger("flood");
        ListAppender<ILoggingEvent> list = new ListAppender<>();
        list.start();
        logger.addAppender(list);
        for (int i = 0; i < lines; i++) {
            logger.warn("client={} is rude", i);
            nanos += step;
        }
        logger.error("this passes always");
        return list.list.stream().map(event -> event.getFormattedMessage()).toList();
    }

    @Test
    void only_so_many_lines_of_a_kind_pass_in_a_while_and_those_left_out_are_counted() {
        long step = FloodGate.WINDOW_NANOS / (FloodGate.LINES_MAX * 2);
        List<String> passed = passed(FloodGate.LINES_MAX * 2 + 1, step);
        assertThat(passed).hasSize(FloodGate.LINES_MAX + 3);
        assertThat(passed.get(FloodGate.LINES_MAX))
                .isEqualTo(FloodGate.LINES_MAX + " more lines like the next one were left out");
        assertThat(passed.get(FloodGate.LINES_MAX + 1)).isEqualTo("client=" + FloodGate.LINES_MAX * 2 + " is rude");
        assertThat(passed).endsWith("this passes always");
    }

    @Test
    void calm_log_passes_whole() {
        assertThat(passed(300, FloodGate.WINDOW_NANOS / FloodGate.LINES_MAX)).hasSize(301);
    }

    @Test
    void level_of_the_log_can_change_while_it_is_in_use() {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Level before = root.getLevel();
        ServiceLog.setLevel("debug");
        assertThat(LoggerFactory.getLogger("org.procpool.any").isDebugEnabled()).isTrue();
        assertThat(LoggerFactory.getLogger("io.netty.any").isDebugEnabled()).isFalse();
        root.setLevel(before);
    }
}
