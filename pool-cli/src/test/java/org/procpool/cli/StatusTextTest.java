package org.procpool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusTextTest {

    private static final String STATUS = """
            {"state":"running","version":"0.1.0","uptimeMillis":65000,"routing":"least-busy",
             "workers":[
              {"id":1,"pid":4711,"state":"busy","inFlight":1,"completed":12,"failed":1,"restarts":0,
               "rssBytes":44040192,"bootMillis":170,"task":"fib"},
              {"id":2,"pid":0,"state":"exited","inFlight":0,"completed":0,"failed":0,"restarts":3,
               "rssBytes":0,"bootMillis":0,"task":null}],
             "spares":0,"queue":{"depth":5,"bytes":2048,"limit":100},
             "totals":{"accepted":20,"succeeded":12,"failed":1,"timedOut":0,"expired":0,"workerLost":1,
              "cancelled":0,"rejected":4}}
            """;

    @Test
    void status_is_readable() throws JsonProcessingException {
        assertThat(StatusText.status(new ObjectMapper().readTree(STATUS)))
                .containsExactly(
                        "procpool 0.1.0  running  up 1m5s  routing least-busy",
                        "queue    5 of 100 tasks, 2k",
                        "tasks    accepted 20, succeeded 12, failed 1, timed out 0, expired 0, worker lost 1,"
                                + " cancelled 0, rejected 4",
                        "",
                        "WORKER   PID  STATE   DONE  FAILED  RESTARTS  MEMORY   BOOT  RUNS NOW",
                        "     1  4711  busy      12       1         0     42m  170ms  fib",
                        "     2     -  exited     0       0         3       -      -  -");
    }

    @Test
    void memory_is_explained_where_it_is_known() throws JsonProcessingException {
        String status = STATUS.replace(
                "\"spares\":0,",
                "\"spares\":0,\"memory\":{\"totalBytes\":1073741824,\"source\":\"control group\","
                        + "\"supervisorBytes\":373293056,\"workerHeapBytes\":285212672,"
                        + "\"workerBesideBytes\":62914560,\"heapFrom\":\"share\",\"plannedBytes\":1069547520},");
        assertThat(StatusText.status(new ObjectMapper().readTree(status)))
                .contains(
                        "memory   2 x (272m heap by share + 60m) + 356m service = 1020m at most of 1g (control group)");
        assertThat(StatusText.status(new ObjectMapper().readTree(status.replace("1069547520", "2069547520"))))
                .anySatisfy(line -> assertThat(line).endsWith("of 1g (control group): TOO MUCH"));
    }

    @Test
    void control_groups_are_told_of_if_there_is_something_to_tell() throws JsonProcessingException {
        String status =
                STATUS.replace("\"spares\":0,", "\"spares\":0,\"workerCgroups\":{\"inForce\":\"each has one\"},");
        assertThat(StatusText.status(new ObjectMapper().readTree(status))).contains("cgroups  each has one");
        assertThat(StatusText.status(new ObjectMapper().readTree(status.replace("each has one", ""))))
                .noneMatch(line -> line.startsWith("cgroups"));
    }

    @Test
    void degraded_pool_says_so_and_why() throws JsonProcessingException {
        String status = STATUS.replace("\"running\"", "\"degraded\",\"reason\":\"51 workers died in 60s\"");
        assertThat(StatusText.status(new ObjectMapper().readTree(status)))
                .startsWith(
                        "procpool 0.1.0  degraded  up 1m5s  routing least-busy",
                        "DEGRADED 51 workers died in 60s",
                        "queue    5 of 100 tasks, 2k");
        assertThat(StatusText.workers(new ObjectMapper().readTree(status)))
                .startsWith("DEGRADED 51 workers died in 60s")
                .hasSize(4);
    }

    @Test
    void pool_that_hands_out_nothing_says_so() throws JsonProcessingException {
        String status = STATUS.replace("\"running\"", "\"running\",\"stuck\":\"tasks wait, 5 in all\"");
        assertThat(StatusText.status(new ObjectMapper().readTree(status)))
                .startsWith(
                        "procpool 0.1.0  running  up 1m5s  routing least-busy",
                        "STUCK    tasks wait, 5 in all",
                        "queue    5 of 100 tasks, 2k");
    }

    @Test
    void dead_workers_are_shown_with_a_line_between_and_without_what_steers_a_terminal()
            throws JsonProcessingException {
        String dead = """
                [{"worker":1,"text":"worker w1.2 left\\n  last output:\\n    \\tat \\u001b[2J x\\n"},
                 {"worker":2,"text":"worker w2.1 left\\n"}]
                """;
        assertThat(StatusText.deadWorkers(new ObjectMapper().readTree(dead)))
                .containsExactly("worker w1.2 left", "  last output:", "    at [2J x", "", "worker w2.1 left");
        assertThat(StatusText.deadWorkers(new ObjectMapper().readTree("[]")))
                .containsExactly("there are no reports of dead workers");
    }

    @Test
    void tasks_are_readable() throws JsonProcessingException {
        String tasks = """
                {"tasks":[{"id":"5wvj0","task":"sleep","state":"running","attempts":1,"worker":2,"ageMillis":1500,
                 "runMillis":1400,"priority":4},
                 {"id":"5wvj1","task":"fib","state":"queued","attempts":0,"worker":0,"ageMillis":900,
                 "runMillis":0,"priority":9},
                 {"id":"5wvj2","task":"fib","state":"queued","attempts":0,"worker":2,"ageMillis":700,
                 "runMillis":0,"priority":4}]}
                """;
        assertThat(StatusText.tasks(new ObjectMapper().readTree(tasks)))
                .containsExactly(
                        "ID     TASK   STATE    PRIORITY  ATTEMPTS  WORKER    AGE  RUNNING FOR",
                        "5wvj0  sleep  running         4         1       2   1.5s         1.4s",
                        "5wvj1  fib    queued          9         0       -  900ms            -",
                        "5wvj2  fib    queued          4         0       2  700ms            -");
    }

    @Test
    void an_answer_of_another_version_is_shown_as_far_as_it_goes() throws JsonProcessingException {
        assertThat(StatusText.workers(new ObjectMapper().readTree("{\"workers\":[{\"id\":1}]}")))
                .isEqualTo(List.of(
                        "WORKER  PID  STATE  DONE  FAILED  RESTARTS  MEMORY  BOOT  RUNS NOW",
                        "     1    -  -         0       0         0       -     -  -"));
    }

    @Test
    void progress_says_what_is_done_and_left() {
        Console console = new Console(System.in, System.out, System.err, true, false);
        assertThat(new Progress(console, "").line(50, 2, 200, 1_000_000_000L))
                .isEqualTo("[########----------------------]  25%  50/200  50/s  2 failed  3s left");
        assertThat(new Progress(console, "").line(7, 0, 0, 2_000_000_000L)).isEqualTo("7 done  3.5/s");
        assertThat(Progress.bar(1.5)).isEqualTo("[##############################] 100%");
    }
}
