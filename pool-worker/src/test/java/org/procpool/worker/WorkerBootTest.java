package org.procpool.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.procpool.fixture.BadName;
import org.procpool.fixture.FailingConstructor;
import org.procpool.fixture.FailingWarmUp;
import org.procpool.fixture.TestHandlers;
import org.procpool.proto.BootFailedFrame;
import org.procpool.proto.EmptyFrame;
import org.procpool.proto.HelloFrame;
import org.procpool.proto.WelcomeFrame;
import org.procpool.proto.Wire;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WorkerBootTest {

    private final Path directory;

    WorkerBootTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void a_worker_introduces_itself_and_gets_ready() throws Exception {
        try (FakeSupervisor supervisor = new FakeSupervisor(directory).launch()) {
            HelloFrame hello = supervisor.acceptBoth();

            assertThat(hello.protocolVersion()).isEqualTo(Wire.PROTOCOL_VERSION);
            assertThat(hello.pid()).isEqualTo(supervisor.process().pid());
            assertThat(hello.token()).containsExactly(0x00, 0xFF, 0x10);
            assertThat(hello.taskNames()).contains("echo", "add", "throw");

            supervisor.data().send(new WelcomeFrame(Wire.PROTOCOL_VERSION, 1024));
            assertThat(supervisor.data().read()).isEqualTo(EmptyFrame.READY);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"socket", "worker", "generation", "token", "scratch"})
    void a_missing_setting_is_named(String key) throws Exception {
        try (FakeSupervisor supervisor =
                new FakeSupervisor(directory).with(key, null).launch()) {
            assertThat(supervisor.exitCode()).isEqualTo(ExitCode.BOOT_FAILED);
            assertThat(supervisor.stderr()).contains("lack '" + key + "'").hasLineCount(1);
        }
    }

    @Test
    void a_supervisor_that_nobody_answers_for_is_named() throws Exception {
        String nowhere = directory.resolve("nowhere").toString();
        try (FakeSupervisor supervisor =
                new FakeSupervisor(directory).with("socket", nowhere).launch()) {
            assertThat(supervisor.exitCode()).isEqualTo(ExitCode.BOOT_FAILED);
            assertThat(supervisor.stderr()).contains(nowhere).hasLineCount(1);
        }
    }

    @Test
    void a_worker_leaves_at_once_when_its_parent_is_another() throws Exception {
        try (FakeSupervisor supervisor =
                new FakeSupervisor(directory).with("parentPid", "1").launch()) {
            assertThat(supervisor.exitCode()).isEqualTo(ExitCode.SUPERVISOR_GONE);
        }
    }

    @Test
    void a_worker_stays_when_its_parent_is_the_one_it_was_told() throws Exception {
        String parent = String.valueOf(ProcessHandle.current().pid());
        try (FakeSupervisor supervisor =
                new FakeSupervisor(directory).with("parentPid", parent).boot()) {
            assertThat(supervisor.process().isAlive()).isTrue();
        }
    }

    @Test
    void a_missing_handler_jar_is_named() throws Exception {
        String missing = directory.resolve("missing.jar").toString();

        assertThat(bootFailure(new FakeSupervisor(directory).with("handlers", missing)))
                .isEqualTo("the handler jar '" + missing + "' does not exist");
    }

    @Test
    void a_damaged_handler_jar_is_named() throws Exception {
        Path damaged = Files.writeString(directory.resolve("damaged.jar"), "not a jar");

        assertThat(bootFailure(new FakeSupervisor(directory).with("handlers", directory.toString())))
                .contains(damaged.toString());
    }

    @Test
    void a_handler_path_without_providers_is_named() throws Exception {
        assertThat(bootFailure(new FakeSupervisor(directory).with("providers", null)))
                .contains("no handlers")
                .contains("META-INF/services/" + HandlerProvider.class.getName());
    }

    @ParameterizedTest
    @CsvSource({"org.example.Missing,is not on the handler path", "java.lang.String,does not implement"})
    void a_provider_that_is_none_is_named(String provider, String reason) throws Exception {
        assertThat(bootFailure(new FakeSupervisor(directory).with("providers", provider)))
                .contains(provider)
                .contains(reason);
    }

    @Test
    void a_provider_that_cannot_be_created_is_named_with_its_reason() throws Exception {
        assertThat(bootFailure(new FakeSupervisor(directory).with("providers", FailingConstructor.class.getName())))
                .contains(FailingConstructor.class.getName())
                .contains("no licence found");
    }

    @Test
    void a_task_name_that_cannot_be_is_named_with_its_provider() throws Exception {
        assertThat(bootFailure(new FakeSupervisor(directory).with("providers", BadName.class.getName())))
                .contains(BadName.class.getName())
                .contains("'two words'");
    }

    @Test
    void a_task_name_that_is_taken_twice_is_named_with_both_providers() throws Exception {
        String both = FailingWarmUp.class.getName() + ", " + TestHandlers.class.getName();

        assertThat(bootFailure(new FakeSupervisor(directory).with("providers", both)))
                .contains("'echo'")
                .contains(FailingWarmUp.class.getName())
                .contains(TestHandlers.class.getName());
    }

    @Test
    void a_failing_warm_up_comes_after_welcome() throws Exception {
        try (FakeSupervisor supervisor = new FakeSupervisor(directory)
                .with("providers", FailingWarmUp.class.getName())
                .launch()) {
            assertThat(supervisor.acceptBoth().taskNames()).containsExactly("echo");
            supervisor.data().send(new WelcomeFrame(Wire.PROTOCOL_VERSION, 1024));

            assertThat(((BootFailedFrame) supervisor.data().read()).reason())
                    .contains(FailingWarmUp.class.getName())
                    .contains("the cache is not there");
            assertThat(supervisor.exitCode()).isEqualTo(ExitCode.BOOT_FAILED);
        }
    }

    @Test
    void another_protocol_version_is_refused() throws Exception {
        try (FakeSupervisor supervisor = new FakeSupervisor(directory).launch()) {
            supervisor.acceptBoth();
            supervisor.data().send(new WelcomeFrame(99, 1024));

            assertThat(((BootFailedFrame) supervisor.data().read()).reason()).contains("protocol version 99");
            assertThat(supervisor.exitCode()).isEqualTo(ExitCode.BOOT_FAILED);
        }
    }

    @Test
    void what_is_no_frame_ends_the_worker_with_a_reason() throws Exception {
        try (FakeSupervisor supervisor = new FakeSupervisor(directory).boot()) {
            supervisor.data().send(java.nio.ByteBuffer.wrap(new byte[] {1, 7}));

            assertThat(supervisor.exitCode()).isEqualTo(ExitCode.BROKEN);
            assertThat(supervisor.stderr()).contains("no frame on the data socket");
        }
    }

    private static String bootFailure(FakeSupervisor configured) throws Exception {
        try (FakeSupervisor supervisor = configured.launch()) {
            assertThat(supervisor.acceptBoth().taskNames()).isEmpty();
            String reason = ((BootFailedFrame) supervisor.data().read()).reason();
            assertThat(supervisor.exitCode()).isEqualTo(ExitCode.BOOT_FAILED);
            assertThat(supervisor.stderr()).contains(reason).doesNotContain(FakeSupervisor.TOKEN);
            return reason;
        }
    }
}
