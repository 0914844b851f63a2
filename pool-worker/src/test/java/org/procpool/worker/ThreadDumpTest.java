package org.procpool.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procpool.worker.FakeSupervisor.task;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procpool.proto.EmptyFrame;
import org.procpool.proto.Payload;
import org.procpool.proto.PingFrame;
import org.procpool.proto.PongFrame;
import org.procpool.proto.ThreadDumpFrame;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ThreadDumpTest {

    private final Path directory;

    ThreadDumpTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @ParameterizedTest
    @CsvSource({"spin, RUNNABLE", "wait, WAITING", "wait-natively, RUNNABLE"})
    void a_busy_worker_says_what_its_task_is_doing(String name, String state) throws Exception {
        try (FakeSupervisor supervisor = new FakeSupervisor(directory).boot()) {
            supervisor.data().send(task(1, name, Payload.EMPTY));
            // It may still be on its way to what it will be doing.
            Awaitility.await().untilAsserted(() -> {
                List<String> dump = dump(supervisor).lines().toList();
                assertThat(dump).anyMatch(line -> line.contains("TestHandlers"));
                assertThat(dump.get(0)).isEqualTo("\"procpool-tasks\" prio=5 " + state);
                assertThat(dump.get(1)).startsWith("\tat ");
                assertThat(dump).anyMatch(line -> line.startsWith("\"procpool-control\" daemon prio=5 RUNNABLE"));
            });
        }
    }

    @Test
    void the_worker_goes_on_after_a_dump() throws Exception {
        try (FakeSupervisor supervisor = new FakeSupervisor(directory).boot()) {
            supervisor.control().send(EmptyFrame.DUMP, new PingFrame(7), EmptyFrame.DUMP);

            assertThat(supervisor.control().read()).isInstanceOf(ThreadDumpFrame.class);
            assertThat(supervisor.control().read()).isEqualTo(new PongFrame(7));
            assertThat(supervisor.control().read()).isInstanceOf(ThreadDumpFrame.class);
            assertThat(supervisor.run(1, "echo", Payload.EMPTY).failed()).isFalse();
        }
    }

    private static String dump(FakeSupervisor supervisor) throws Exception {
        supervisor.control().send(EmptyFrame.DUMP);
        return ((ThreadDumpFrame) supervisor.control().read()).text();
    }

    private static void await(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_dump_of_many_threads_is_cut_and_begins_with_the_one_that_matters() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                Thread thread = new Thread(() -> await(end), i + "€".repeat(500));
                threads.add(thread);
                thread.start();
            }
            String text = ThreadDump.take(Thread.currentThread());

            assertThat(text)
                    .startsWith("\"" + Thread.currentThread().getName() + "\"")
                    .endsWith("… (cut)\n");
            assertThat(text.getBytes(StandardCharsets.UTF_8).length)
                    .isBetween(ThreadDump.BYTES_MAX - 100, ThreadDump.BYTES_MAX);
        } finally {
            end.countDown();
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }
}
