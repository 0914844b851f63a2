package org.procpool.cli;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.procpool.client.PoolClient;
import org.procpool.client.TaskResult;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;
import org.procpool.proto.TaskError;
import org.procpool.task.Durations;

/** The demo's second chapter: calls that everybody can check. */
record DemoCalls(Story story, PoolClient client, Set<Long> workerPids) {

    private static final int COLUMN = 26;

    void tell() {
        story.chapter("Calls over TCP; each runs in a worker process");
        echoWithPid();
        call("add", "{\"a\":10,\"b\":20}", "30");
        call("multiply", "{\"a\":6,\"b\":7}", "42");
        call("uppercase", "process pool", "PROCESS POOL");
        call("reverse", "process pool", "loop ssecorp");
        fibWhileTheServiceAnswers();
        unknownTask();
    }

    private void echoWithPid() {
        TaskResult result = client.submit("echo-pid", Payload.of("hello")).join();
        long here = ProcessHandle.current().pid();
        boolean elsewhere = workerPids.contains(result.workerPid())
                && answer(result).contains("\"pid\":" + result.workerPid())
                && result.workerPid() != here;
        story.check(elsewhere, line("echo-pid hello", answer(result)) + "  (this is process " + here + ")");
    }

    private void call(String task, String input, String expected) {
        String answer = answer(client.submit(task, Payload.of(input)).join());
        story.check(answer.equals(expected), line(task + " " + input, answer));
    }

    private static String answer(TaskResult result) {
        return result.succeeded() ? result.payload().text() : ResultText.sentence("it", result);
    }

    private static String line(String call, String answer) {
        return call + " ".repeat(Math.max(1, COLUMN - call.length())) + answer;
    }

    private void fibWhileTheServiceAnswers() {
        CompletableFuture<TaskResult> fib = client.submit("fib", Payload.of("35"));
        int pings = 0;
        Duration slowest = Duration.ZERO;
        while (!fib.isDone()) {
            Duration ping = client.ping().join();
            slowest = ping.compareTo(slowest) > 0 ? ping : slowest;
            pings++;
        }
        TaskResult result = fib.join();
        story.check(
                answer(result).equals("9227465") && pings > 0,
                line("fib 35", answer(result)) + "  in " + Durations.format(result.runMicros() * 1_000)
                        + "; meanwhile the service answered " + pings + " pings, the slowest in "
                        + Durations.format(slowest.toNanos()));
    }

    private void unknownTask() {
        TaskResult result = client.submit("upercase", Payload.of("x")).join();
        TaskError error = result.error();
        story.check(
                result.outcome() == OutcomeKind.REJECTED
                        && error != null
                        && error.message().contains("uppercase"),
                line("upercase x", result.outcome() + ": " + (error == null ? "" : error.message())));
    }
}
