package org.procpool.cli.top;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopViewTest {

    private static final Palette PALETTE = new Palette(true, true);

    private final Watched watched = new Watched();
    private final TopState state = new TopState();
    private Palette palette = PALETTE;
    private String alarm = "";

    private Pulse pulse(int workers, long uptimeMillis) throws JsonProcessingException {
        StringBuilder rows = new StringBuilder();
        for (int slot = 1; slot <= workers; slot++) {
            rows.append(slot == 1 ? "" : ",")
                    .append("{'id':" + slot + ",'generation':1,'pid':" + (4_000 + slot)
                            + ",'state':'busy','inFlight':3,")
                    .append("'completed':" + (uptimeMillis * slot) + ",'failed':0,'restarts':0,'rssBytes':41943040,")
                    .append("'bootMillis':90,'task':'resize\\u001b[2J\\nhome','taskId':'4br3','runMillis':1500}");
        }
        String json = "{'at':'2026-11-28T04:10:00Z','state':'running','version':'0.1.0','uptimeMillis':" + uptimeMillis
                + ",'routing':'least-busy','queue':{'depth':812,'bytes':65536,'limit':1000,'oldestMillis':12},"
                + "'totals':{'accepted':20,'succeeded':1234567,'failed':3,'workerLost':1,'rejected':7},"
                + "'workers':[" + rows + "],"
                + "'now':{'succeeded':245167,'failed':0.5,'rejected':0,'queued':812,'busy':2,"
                + "'queue':[10.0,20.0,30.0],'run':[0.4,1500.0,2500000.0]},"
                + "'seconds':[{'succeeded':100},{'succeeded':200}],"
                + alarm
                + "'events':[{'at':'2026-11-28T04:09:58Z','event':'worker-exited','worker':2,'generation':1,'pid':4,"
                + "'reason':'CRASHED','detail':'signal 9 (SIGKILL)'}]}";
        return Pulse.of(new ObjectMapper().readTree(json.replace('\'', '"')));
    }

    private List<String> screen(int width, int height) {
        return new TopView(palette, ZoneOffset.UTC, "127.0.0.1:7421")
                .lines(watched, state, width, height, TimeUnit.SECONDS.toNanos(1)).stream()
                        .map(AttributedString::toString)
                        .toList();
    }

    private void begin(int workers) throws JsonProcessingException {
        watched.take(pulse(workers, 10_000), 0);
        watched.take(pulse(workers, 11_000), TimeUnit.SECONDS.toNanos(1));
    }

    @ParameterizedTest
    @CsvSource({"80,24", "120,40", "200,60", "60,20", "40,12", "20,5", "10,3", "1,1", "80,1", "3,50"})
    void every_view_fills_the_screen_and_never_more(int width, int height) throws Exception {
        begin(40);
        state.reports = List.of(new TopState.Report(1, List.of("x".repeat(500), "", "end")));
        state.selected = 1;
        for (TopState.View view : TopState.View.values()) {
            state.show(view);
            List<AttributedString> lines = new TopView(PALETTE, ZoneOffset.UTC, "127.0.0.1:7421")
                    .lines(watched, state, width, height, TimeUnit.SECONDS.toNanos(1));
            assertThat(lines).as("%s", view).hasSize(height);
            assertThat(lines)
                    .allSatisfy(line -> assertThat(line.columnLength())
                            .as("%s: %s", view, line)
                            .isLessThanOrEqualTo(width));
        }
    }

    @Test
    void what_matters_is_on_a_screen_of_80_by_24() throws Exception {
        begin(2);
        List<String> lines = screen(80, 24);
        assertThat(lines.get(0))
                .startsWith(" procpool  ● running  127.0.0.1:7421")
                .endsWith("least-busy  up 11s ");
        assertThat(lines.get(1)).startsWith(" 245,167/s");
        assertThat(lines)
                .anySatisfy(line -> assertThat(line)
                        .startsWith(" run time  p50 0.4us   p90 1.5ms   p99 2.5s      done   1.23M   failed 3"));
        assertThat(lines)
                .anySatisfy(line -> assertThat(line)
                        .isEqualTo(" queue     812 of 1,000 █████████████████░░░  64k, oldest 12ms  rejected 7"));
        assertThat(lines)
                .anySatisfy(line ->
                        assertThat(line).matches(" w2.1 +4002  busy +3 +2,000 +22,000 +40m +1.5s  resize \\[2J …"));
        assertThat(lines).contains(" 04:09:58  w2.1   CRASHED       signal 9 (SIGKILL)");
        assertThat(lines.get(23)).startsWith(" q quit");
    }

    @Test
    void alarm_that_tasks_wait_beside_idle_workers_is_shown_on_a_screen_and_in_lines() throws Exception {
        begin(2);
        assertThat(screen(80, 24)).noneMatch(line -> line.contains("STUCK"));
        alarm = "'stuck':'tasks wait, 5 in all, although worker w1.3 has had nothing to do for 1s',";
        begin(2);
        for (int height : new int[] {24, 12}) {
            assertThat(screen(80, height))
                    .anyMatch(line -> line.startsWith(" STUCK  tasks wait, 5 in all, although worker w1.3"));
        }
        List<String> lines = new ArrayList<>();
        new PlainTop(
                        new Told("{'state':'running'," + alarm + "'at':'2026-11-28T04:10:00Z'}"),
                        1,
                        1,
                        lines::add,
                        lines::add)
                .run();
        assertThat(lines.get(1)).contains(" STUCK ");
    }

    /** A service that tells one thing, again and again. */
    private record Told(String json) implements TopService {

        @Override
        public String address() {
            return "127.0.0.1:7421";
        }

        @Override
        public void watch(Predicate<JsonNode> pulses) {
            try {
                while (pulses.test(new ObjectMapper().readTree(json.replace('\'', '"')))) {
                    // Once more.
                }
            } catch (JsonProcessingException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public JsonNode autopsies() {
            throw new AssertionError("nobody asked for that");
        }

        @Override
        public void restart(int worker) {
            throw new AssertionError("nobody asked for that");
        }
    }

    @Test
    void workers_are_sorted_and_the_selected_one_stays_on_the_screen() throws Exception {
        begin(40);
        state.sort = SortBy.DONE;
        assertThat(rows()).first().asString().startsWith(" w40.1");
        state.reversed = true;
        assertThat(rows()).first().asString().startsWith(" w1.1");
        state.selected = 40;
        assertThat(rows()).anySatisfy(row -> assertThat(row).startsWith(" w40.1"));
        state.sort = SortBy.WORKER;
        state.reversed = false;
        state.move(-100, state.sort.sort(pulse(40, 11_000).workers(), watched, false));
        assertThat(state.selected).isEqualTo(1);
    }

    private List<String> rows() {
        return screen(80, 24).stream()
                .filter(line -> line.matches(" w\\d.*busy.*"))
                .toList();
    }

    @Test
    void a_lost_service_says_so_and_what_was_known_stays() throws Exception {
        begin(1);
        watched.lost("no procpool answers");
        assertThat(screen(80, 24).get(0)).contains("● lost");
        assertThat(screen(80, 24).get(23)).isEqualTo(" trying again: no procpool answers");
        assertThat(rows()).hasSize(1);

        watched.connecting();
        begin(1);
        assertThat(watched.deaths())
                .as("those of the first message and of the second")
                .hasSize(2);
    }

    @Test
    void silence_is_told() throws Exception {
        begin(1);
        List<AttributedString> lines = new TopView(palette, ZoneOffset.UTC, "here")
                .lines(watched, state, 80, 24, TimeUnit.SECONDS.toNanos(13));
        assertThat(lines.get(0).toString()).contains("silent for 12s");
    }

    @Test
    void without_colours_and_unicode_it_is_plain_ascii() throws Exception {
        begin(2);
        palette = Palette.of(Map.of("NO_COLOR", "1", "LANG", "C"));
        List<String> ansi = new ArrayList<>();
        for (AttributedString line : new TopView(palette, ZoneOffset.UTC, "here")
                .lines(watched, state, 80, 24, TimeUnit.SECONDS.toNanos(1))) {
            ansi.add(line.toAnsi(256, AttributedString.ForceMode.None));
        }
        assertThat(ansi)
                .allSatisfy(line -> assertThat(line).matches("\\p{ASCII}*").doesNotMatch(".*\u001b\\[3\\d.*"));
        assertThat(Palette.of(Map.of("LC_ALL", "de_DE.utf8"))).isEqualTo(new Palette(true, true));
    }
}
