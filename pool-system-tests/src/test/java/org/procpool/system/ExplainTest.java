package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.system.Cli.Ended;
import org.procpool.system.Cli.Service;

/** What people are told of a task that does not run yet, and of one that does. */
@ExtendWith(LeakCheck.class)
class ExplainTest {

    @Test
    void task_that_runs_and_tasks_that_wait_are_explained() throws Exception {
        Path open = LeakCheck.workDirectory().resolve("open");
        String directory = LeakCheck.runDirectory().toString();
        try (Service service = Service.start("--workers", "1", "--patience", "100ms")) {
            String running = service.run("submit", "gate", "--text", open.toString(), "--detach")
                    .output();
            Eventually.until(
                    "it runs", () -> service.run("explain", running).output().contains("it runs on worker"));
            assertThat(service.run("explain", running).output())
                    .contains("task " + running + " 'gate' was submitted", "priority 4, detached", "attempt 1");
            String waiting = service.run("submit", "echo", "--text", "x", "--detach", "--priority", "2")
                    .output();
            service.run("submit", "echo", "--text", "x", "--detach");
            Eventually.until(
                    "it is told what is before it",
                    () -> service.run("explain", waiting)
                            .output()
                            .contains("before it in the queue are 1 tasks of a higher priority"));
            assertThat(service.run("explain", waiting).output())
                    .contains("1 of 1 workers are busy; longest with task " + running + " 'gate'");
            assertThat(service.run("pause", "--run-dir", directory).exitCode()).isZero();
            assertThat(service.run("explain", waiting).output()).contains("it waits because the pool is paused");
            assertThat(service.run("resume", "--run-dir", directory).exitCode()).isZero();
            Files.createFile(open);
            Eventually.until(
                    "it has ended", () -> service.run("explain", waiting).exitCode() == 8);
            Ended ended = service.run("explain", waiting);
            assertThat(ended.errors()).contains("no task of that id is under way");
            assertThat(service.terminate()).isZero();
        }
    }

    @Test
    void task_that_has_failed_and_waits_for_its_next_attempt_is_explained() throws Exception {
        try (Service service = Service.start("--workers", "1")) {
            String words = "submit refuse --text x --retry-on-failure 3 --retry-backoff 20m --retry-backoff-max 20m";
            String task = service.run((words + " --detach").split(" ")).output();
            Eventually.until(
                    "it waits for the next attempt",
                    () -> service.run("explain", task).output().contains("for attempt 2"));
            assertThat(service.run("explain", task).output())
                    .contains("task " + task + " 'refuse' was submitted")
                    .contains("if it fails it is tried again, up to 3 attempts that fail, of which it has had 1")
                    .contains("it has been started once, the last time")
                    .contains("its last attempt failed: java.lang.IllegalStateException: 1 bytes are not for me")
                    // Give or take a fifth.
                    .containsPattern("it waits (1[5-9]|2[0-4])m.* for attempt 2; the time grows with each");
            assertThat(service.run("cancel", task).exitCode()).isZero();
            assertThat(service.terminate()).isZero();
        }
    }
}
