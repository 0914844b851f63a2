package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.PoolListener;
import org.procpool.ProcessPool;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Wire;
import org.procpool.task.Outcome;
import org.procpool.worker.HandlerProvider;

/** Handlers in jars of their own, apart from the worker's classes; and what happens when such a jar is not there. */
@ExtendWith(LeakCheck.class)
class HandlerJarTest {

    private static final String LIBRARY = "com/fasterxml/jackson/databind/ObjectMapper.java";
    private static final String SERVICE = "META-INF/services/" + HandlerProvider.class.getName();
    private static final Map<String, String> SOURCES =
            Map.of(LIBRARY, """
            package com.fasterxml.jackson.databind;
            public class ObjectMapper {
                public String version() { return "the handler's own"; }
            }
            """, "mine/Mine.java", """
            package mine;
            import java.util.Map;
            import org.procpool.proto.Payload;
            import org.procpool.worker.HandlerProvider;
            import org.procpool.worker.JsonHandler;
            import org.procpool.worker.TaskHandler;
            public class Mine implements HandlerProvider {
                public record Pair(int a, int b) {}
                public Map<String, TaskHandler> handlers() {
                    return Map.of(
                            "library", (context, payload) ->
                                    Payload.of(new com.fasterxml.jackson.databind.ObjectMapper().version()),
                            "typed", JsonHandler.of(Pair.class, (context, pair) -> pair.a() * pair.b()));
                }
            }
            """, SERVICE, "mine.Mine\n");

    private static Path jar() throws Exception {
        return Compiled.jar(
                LeakCheck.workDirectory().resolve("mine.jar"),
                SOURCES,
                Handlers.origin(HandlerProvider.class),
                Handlers.origin(Wire.class));
    }

    @Test
    void handler_sees_its_own_version_of_a_library_and_the_worker_keeps_its_own() throws Exception {
        Path jar = jar();
        try (ProcessPool pool = Pools.start(
                options -> options.withWorkers(1).withHandlers(List.of(jar)).withProviders(List.of()))) {
            assertThat(Pools.run(pool, "library", "").payload().text()).isEqualTo("the handler's own");
            assertThat(Pools.run(pool, "typed", "{\"a\":6,\"b\":7}").payload().text())
                    .isEqualTo("42");
        }
    }

    @Test
    void jars_in_a_directory_are_found_and_their_handlers_registered_by_themselves() throws Exception {
        Path jar = jar();
        Path directory = Files.createDirectory(LeakCheck.workDirectory().resolve("handlers"));
        Files.copy(jar, directory.resolve("b.jar"));
        try (ProcessPool pool = Pools.start(options ->
                options.withWorkers(1).withHandlers(List.of(directory)).withProviders(List.of()))) {
            assertThat(pool.snapshot().taskNames()).contains("library", "typed");
            assertThat(Pools.run(pool, "library", "").succeeded()).isTrue();
        }
    }

    @Test
    void handler_jar_that_does_not_exist_stops_the_start_with_its_name() {
        Path missing = LeakCheck.workDirectory().resolve("missing.jar");
        assertThatThrownBy(() -> Pools.start(options -> options.withHandlers(List.of(missing))))
                .hasMessageContaining(missing.toString())
                .hasMessageContaining("not exist");
    }

    @Test
    void pool_recovers_by_itself_when_its_copy_of_the_handler_jar_vanishes_and_comes_back() throws Exception {
        Path jar = jar();
        Path away = LeakCheck.workDirectory().resolve("away.jar");
        Events events = new Events();
        try (ProcessPool pool = Pools.start(
                options -> options.withWorkers(1)
                        .withHandlers(List.of(jar))
                        .withProviders(List.of())
                        .withBootAttempts(2),
                events)) {
            Path copy = copyInUse();
            Files.move(copy, away);
            Processes.signal(Pools.worker(pool, 1).pid(), "KILL");
            Eventually.until("boots fail", () -> events.exited.size() >= 3);
            // While nothing can start, tasks are told so instead of waiting for ever.
            Outcome told = Pools.run(pool, "library", "");
            assertThat(told.kind()).isEqualTo(OutcomeKind.WORKER_LOST);
            assertThat(told.error().type()).isEqualTo("NO_WORKER");
            assertThat(told.error().message()).contains("mine.jar").contains("does not exist");
            assertThat(told.attempts()).isZero();

            Files.move(away, copy, StandardCopyOption.ATOMIC_MOVE);
            Pools.untilIdle(pool, 1);
            assertThat(Pools.run(pool, "library", "").succeeded()).isTrue();
        }
    }

    @Test
    void jar_replaced_in_place_is_taken_up_by_a_restart_and_a_broken_one_is_not() throws Exception {
        Path jar = jar();
        byte[] other = Files.readAllBytes(Compiled.jar(
                LeakCheck.workDirectory().resolve("other.jar"),
                Map.of(
                        LIBRARY,
                        SOURCES.get(LIBRARY).replace("the handler's own", "the next release"),
                        "mine/Mine.java",
                        SOURCES.get("mine/Mine.java"),
                        SERVICE,
                        SOURCES.get(SERVICE)),
                Handlers.origin(HandlerProvider.class),
                Handlers.origin(Wire.class)));
        try (ProcessPool pool = Pools.start(
                options -> options.withWorkers(1).withHandlers(List.of(jar)).withProviders(List.of()))) {
            Files.write(jar, other);
            assertThat(Pools.run(pool, "library", "").payload().text()).isEqualTo("the handler's own");
            assertThat(pool.restart().get(1, TimeUnit.MINUTES)).isEqualTo(new PoolListener.PoolRolled(2, null));
            assertThat(Pools.run(pool, "library", "").payload().text()).isEqualTo("the next release");

            Files.write(jar, new byte[] {1, 2, 3});
            assertThat(pool.restart().get(1, TimeUnit.MINUTES).failure()).contains("did not become ready");
            assertThat(Pools.run(pool, "library", "").payload().text()).isEqualTo("the next release");
            Eventually.until(
                    "the copies of the others are gone", () -> releases().equals(List.of("release-2")));
        }
    }

    private static List<String> releases() throws IOException {
        try (Stream<Path> all = Files.walk(LeakCheck.runDirectory())) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith("release-"))
                    .toList();
        }
    }

    private static Path copyInUse() throws IOException {
        try (Stream<Path> all = Files.walk(LeakCheck.runDirectory())) {
            return all.filter(path -> path.endsWith("mine.jar")).findFirst().orElseThrow();
        }
    }

    @Test
    void restarts_that_keep_failing_come_at_a_growing_distance() throws Exception {
        Path jar = jar();
        Path away = LeakCheck.workDirectory().resolve("away.jar");
        Events events = new Events();
        try (ProcessPool pool = Pools.start(
                options -> options.withWorkers(1).withHandlers(List.of(jar)).withProviders(List.of()), events)) {
            Path copy = copyInUse();
            Files.move(copy, away);
            long killed = System.nanoTime();
            Processes.signal(Pools.worker(pool, 1).pid(), "KILL");
            Eventually.until("five boots have failed", () -> events.exited.size() >= 6);
            // At once, then after at least 80, 160, 320 and 640 ms.
            assertThat(System.nanoTime() - killed).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(80 + 160 + 320 + 640));
            CompletableFuture<Outcome> waiting = pool.submit("library", "");
            Files.move(away, copy, StandardCopyOption.ATOMIC_MOVE);
            assertThat(Pools.outcome(waiting).kind()).isIn(OutcomeKind.SUCCEEDED, OutcomeKind.WORKER_LOST);
            Pools.untilIdle(pool, 1);
        }
    }
}
