package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.procpool.ProcessPool;
import org.procpool.process.ProgramOptions;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;
import org.procpool.server.security.SecurityOptions;
import org.procpool.system.Certificates.Identity;
import org.procpool.task.Outcome;
import org.procpool.task.WorkerSnapshot;

/** The workers and clients in other languages, each against the others through a real service. */
@ExtendWith(LeakCheck.class)
class LanguagesTest {

    private static final String PYTHON = """
            import sys
            from procpool_client import Client
            client = Client(sys.argv[1])
            def run(task, payload, **options):
                return client.submit(task, payload, **options).result()
            workers = {run("pid", b"", key="customer-17").payload for _ in range(9)}
            repeated = run("fail-below-attempt", b"3", retry_on_failure=3, retry_backoff_millis=1)
            failed = run("fail-below-attempt", b"3", retry_on_failure=2, retry_backoff_millis=1)
            print(f"workers {len(workers)}, {repeated.outcome}, {failed.outcome}")
            """;
    private static final String NODE = """
            const { connect } = require("./procpool_client.js");
            connect(process.argv[1]).then(async (client) => {
              const run = (task, text, options) => client.submit(task, Buffer.from(text), options);
              const workers = new Set();
              for (let i = 0; i < 9; i++) workers.add(String((await run("pid", "", { key: "customer-17" })).payload));
              const repeated = await run("fail-below-attempt", "3", { retryOnFailure: 3, retryBackoffMillis: 1 });
              const failed = await run("fail-below-attempt", "3", { retryOnFailure: 2, retryBackoffMillis: 1 });
              console.log(`workers ${workers.size}, ${repeated.outcome}, ${failed.outcome}`);
              client.close();
            });
            """;
    private static final int LARGE_BYTES = 3 << 20;

    private static String example(String file) {
        return Cli.ROOT.resolve("examples").resolve(file).toString();
    }

    private static void assumeInstalled(String program) throws Exception {
        Process look = new ProcessBuilder("sh", "-c", "command -v " + program).start();
        Assumptions.assumeTrue(
                look.waitFor(Eventually.DEADLINE_SECONDS, TimeUnit.SECONDS) && look.exitValue() == 0,
                "there is no " + program + " here: its worker and client are not tested");
    }

    private static TestServer serve(List<String> workerCommand) {
        return TestServer.ofPool(options -> options.withPrograms(ProgramOptions.NONE.withWorkerCommand(workerCommand))
                .withHandlers(List.of())
                .withProviders(List.of()));
    }

    @ParameterizedTest
    @CsvSource({"python3 -B, python/procpool_worker.py, Cancelled", "node, node/procpool_worker.js, Error"})
    void worker_of_another_language_serves_clients_of_all(String program, String worker, String stopped)
            throws Exception {
        List<String> words = List.of((program + " " + example(worker)).split(" "));
        assumeInstalled(words.get(0));
        try (TestServer server = serve(words)) {
            ProcessPool pool = server.server().pool();
            assertClientsAreServed(server);
            assertPayloadsPass(pool);
            assertItsEndsAreTold(pool, stopped);
            assertThat(Pools.run(pool, "echo", "still here").succeeded()).isTrue();
        }
    }

    private static void assertClientsAreServed(TestServer server) throws Exception {
        for (String client : List.of(
                "python3 -B " + example("python/procpool_client.py"), "node " + example("node/procpool_client.js"))) {
            assumeInstalled(client.substring(0, client.indexOf(' ')));
            String submit = client + " " + server.address();
            try (Program reversed =
                    Program.start(new ProcessBuilder("sh", "-c", "printf desserts | " + submit + " reverse"))) {
                assertThat(reversed.exitCode()).as(reversed.errorText()).isZero();
                assertThat(reversed.text()).isEqualTo("stressed");
            }
            try (Program failed = Program.start(new ProcessBuilder("sh", "-c", "printf 1 | " + submit + " rivers"))) {
                assertThat(failed.exitCode()).isEqualTo(5);
                assertThat(failed.errorText()).contains("REJECTED UNKNOWN_TASK").contains("reverse");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"python3 -B,python/procpool_tls.py", "node,node/procpool_client.js"})
    void client_of_another_language_shows_its_token_and_its_certificate(String client) throws Exception {
        String[] parts = client.split(",");
        assumeInstalled(parts[0].split(" ")[0]);
        Certificates authority = Certificates.authority("home");
        Identity own = authority.client();
        String token = "submitsubmitsubmit";
        SecurityOptions security = Certificates.serving(authority.service())
                .withClientAuthority(authority.file())
                .withTokens(Certificates.write("tokens", "ci submit " + token + "\n"));
        try (TestServer server = TestServer.start(options -> options.withSecurity(security))) {
            // Many records of TLS.
            ProcessBuilder submit = new ProcessBuilder(
                    "sh",
                    "-c",
                    "head -c 300000 /dev/zero | " + parts[0] + " " + example(parts[1]) + " \"$0\" echo | wc -c",
                    server.address());
            submit.environment()
                    .putAll(Map.of(
                            "PROCPOOL_TLS_CA", authority.file().toString(),
                            "PROCPOOL_TLS_CERT", own.certificate().toString(),
                            "PROCPOOL_TLS_KEY", own.key().toString(),
                            "PROCPOOL_TOKEN_FILE",
                                    Certificates.write("ci.token", token + "\n").toString()));
            try (Program program = Program.start(submit)) {
                assertThat(program.exitCode()).isZero();
                assertThat(program.text().strip()).as(program.errorText()).isEqualTo("300000");
            }
            submit.environment().remove("PROCPOOL_TOKEN_FILE");
            try (Program program = Program.start(submit)) {
                assertThat(program.exitCode()).isZero();
                assertThat(program.errorText()).contains("UNAUTHENTICATED");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {PYTHON, NODE})
    void client_of_another_language_names_a_key_and_how_often_a_failure_is_repeated(String script) throws Exception {
        String program = script.equals(NODE) ? "node" : "python3";
        assumeInstalled(program);
        List<String> words = script.equals(NODE) ? List.of(program, "-e") : List.of(program, "-B", "-c");
        try (TestServer server = TestServer.ofPool(options -> options.withWorkers(3))) {
            ProcessBuilder client = new ProcessBuilder(
                            Stream.concat(words.stream(), Stream.of(script, server.address()))
                                    .toList())
                    .directory(Path.of(example(program.replaceAll("\\d", ""))).toFile());
            try (Program submits = Program.start(client)) {
                assertThat(submits.exitCode()).as(submits.errorText()).isZero();
                assertThat(submits.text()).as(submits.errorText()).isEqualTo("workers 1, SUCCEEDED, FAILED");
            }
        }
    }

    private static void assertPayloadsPass(ProcessPool pool) throws Exception {
        byte[] bytes = new byte[LARGE_BYTES];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31 >> 3);
        }
        Outcome echoed = Eventually.value(pool.submit("echo", bytes));
        assertThat(echoed.payload()).isEqualTo(Payload.of(bytes));
        assertThat(Pools.run(pool, "echo", "").payload()).isEqualTo(Payload.EMPTY);
    }

    private static void assertItsEndsAreTold(ProcessPool pool, String stopped) throws Exception {
        Outcome timedOut =
                Pools.outcome(pool.submit(Pools.task("sleep", "300").withRunTimeoutNanos(TimeUnit.SECONDS.toNanos(1))));
        assertThat(timedOut.kind()).isEqualTo(OutcomeKind.TIMED_OUT);
        assertThat(timedOut.error().message()).contains("heeded the interrupt");
        assertThat(timedOut.error().stack()).contains(stopped);

        Outcome failed = Pools.run(pool, "sleep", "soon");
        if (stopped.equals("Cancelled")) {
            assertThat(failed.kind()).isEqualTo(OutcomeKind.FAILED);
            assertThat(failed.error().type()).isEqualTo("ValueError");
        }

        var lost = pool.submit(Pools.task("sleep", "300"));
        Pools.untilRunning(pool, "sleep", 1);
        WorkerSnapshot busy = pool.snapshot().workers().stream()
                .filter(snapshot -> snapshot.task() != null)
                .findFirst()
                .orElseThrow();
        Processes.signal(busy.pid(), "KILL");
        assertThat(Pools.outcome(lost).error().type()).isEqualTo("SIGKILL");
    }
}
