package org.procpool.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.DataOutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procpool.proto.WorkerResultFrame;

/** The page between two processes that are really two. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class RecorderProcessTest {

    private static final int WINDOW = 400;

    private final Path directory;

    RecorderProcessTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private static String output(Process process) throws Exception {
        try {
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(text).isZero();
            return text.strip();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void the_clock_is_the_same_in_all_processes() throws Exception {
        long before = System.nanoTime();
        long between = Long.parseLong(output(ChildJvm.start("clock")));
        long after = System.nanoTime();

        assertThat(between).isBetween(before, after);
    }

    @Test
    void each_of_two_million_offers_is_either_started_or_revoked() throws Exception {
        int count = 2_000_000;
        BitSet revoked = new BitSet();
        Random random = new Random(4);
        Path file = Scratch.file();
        try (SupervisorPage page = SupervisorPage.create(file, RecorderOptions.DEFAULT)) {
            Process child = ChildJvm.start("claim", page.file().toString(), String.valueOf(count));
            try (DataOutputStream out = new DataOutputStream(child.getOutputStream())) {
                int offered = 0;
                long passed = 0;
                while (passed < count) {
                    passed = page.consumed(offered);
                    if (offered < count && offered - passed < WINDOW) {
                        for (int last = (int) Math.min(count, passed + 2 * WINDOW); offered < last; ) {
                            page.offer(++offered);
                        }
                        out.writeInt(offered);
                        out.flush();
                    }
                    // The next ones that the other process comes to, so that the two meet.
                    int target = (int) passed + 1 + random.nextInt(6);
                    if (target <= offered && !revoked.get(target) && page.revoke(target)) {
                        revoked.set(target);
                    }
                }
                BitSet started = BitSet.valueOf(child.getInputStream().readAllBytes());

                assertThat(started.cardinality()).isGreaterThan(1_000);
                assertThat(revoked.cardinality()).isGreaterThan(1_000);
                assertThat(started.intersects(revoked)).isFalse();
                assertThat(started.cardinality() + revoked.cardinality()).isEqualTo(count);
            } finally {
                child.destroyForcibly();
                child.waitFor();
            }
        }
    }

    /**
     * How much a killed process leaves in its ring depends on what else the machine does, so it goes on until enough
     * was recovered for the ends of the ring to have been met.
     */
    @Test
    void a_kill_at_any_moment_costs_at_most_the_task_that_was_running() throws Exception {
        int lost = 0;
        int recovered = 0;
        int wrapped = 0;
        int done = 0;
        int[] rings = {4 << 10, 16 << 10, 64 << 10, 512 << 10};
        int round = 0;
        for (; round < 100 || recovered <= 1_000 || wrapped < 20; round++) {
            Death death = new Death(round, rings[round % rings.length]);
            death.happen();
            lost += death.lost;
            recovered += death.recovered;
            wrapped += death.wrapped;
            done += death.answers.results().size();
        }
        System.out.println(round + " kills: " + done + " results, " + recovered + " of them from the ring, " + wrapped
                + " recovered over its end, " + lost + " lost");
        assertThat(lost).isLessThanOrEqualTo(round);
    }

    /** One worker process, from its start to the judgement. */
    private final class Death {

        private final int ringBytes;
        private final Random random;
        private final Samples samples;
        private final Path evidence;
        private final Answers answers;
        private final Map<Long, Boolean> revoked = new HashMap<>();
        private final String[] sampling;
        private long offered;
        private int lost;
        private int recovered;
        private int wrapped;

        Death(int round, int ringBytes) {
            this.ringBytes = ringBytes;
            this.random = new Random(round);
            // Every other one with results larger than the ring.
            int sizeMax = round % 8 < 4 ? 2 * ringBytes : ringBytes / 2;
            this.sampling = new String[] {String.valueOf(round), String.valueOf(sizeMax)};
            this.samples = new Samples(round, sizeMax);
            this.evidence = directory.resolve("evidence" + round);
            this.answers = new Answers(ringBytes);
        }

        void happen() throws Exception {
            Path file = Scratch.file();
            Path socket = directory.resolve("s" + sampling[0]);
            try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                    SupervisorPage page = SupervisorPage.create(file, new RecorderOptions(1024, ringBytes))) {
                server.bind(UnixDomainSocketAddress.of(socket));
                Process child = ChildJvm.start(
                        "work",
                        page.file().toString(),
                        socket.toString(),
                        evidence.toString(),
                        sampling[0],
                        sampling[1]);
                try (SocketChannel channel = server.accept()) {
                    page.unlink();
                    supervise(page, channel);
                    child.destroyForcibly();
                    child.waitFor();
                } finally {
                    child.destroyForcibly();
                    child.waitFor();
                }
                judge(page);
            }
        }

        private void supervise(SupervisorPage page, SocketChannel channel) throws Exception {
            channel.configureBlocking(false);
            ByteBuffer in = ByteBuffer.allocateDirect(64 << 10);
            long end = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(1_000 + random.nextInt(60_000));
            long sent = 0;
            boolean deaf = false;
            while (System.nanoTime() < end) {
                long passed = page.consumed(sent) / Long.BYTES;
                ByteBuffer tasks = ByteBuffer.allocate(WINDOW * Long.BYTES);
                while (offered - passed < WINDOW) {
                    page.offer(++offered);
                    tasks.putLong(offered);
                }
                sent += tasks.flip().remaining();
                while (tasks.hasRemaining()) {
                    channel.write(tasks);
                }
                long target = passed + 1 + random.nextInt(WINDOW);
                if (random.nextInt(4) == 0 && !revoked.containsKey(target) && target <= offered) {
                    revoked.put(target, page.revoke(target));
                }
                // Towards the end the supervisor is slow, so that there is something to recover.
                deaf |= end - System.nanoTime() < TimeUnit.MILLISECONDS.toNanos(random.nextInt(10));
                int count = 0;
                if (!deaf) {
                    count = channel.read(in.clear().limit(1 + random.nextInt(in.capacity())));
                    answers.take(in.flip());
                    page.publishParsed(answers.position());
                }
                if (count <= 0) {
                    LockSupport.parkNanos(20_000);
                }
            }
        }

        private void judge(SupervisorPage page) throws Exception {
            int before = answers.results().size();
            int wrappedBefore = answers.wrapped();
            List<Long> pending = new ArrayList<>();
            long passed = page.consumed(Long.MAX_VALUE) / Long.BYTES;
            for (long dispatch = passed + 1; dispatch <= offered; dispatch++) {
                if (page.revoke(dispatch)) {
                    revoked.put(dispatch, true);
                }
            }
            Corpse corpse = page.corpse();
            answers.take(corpse.unparsed());
            recovered = answers.results().size() - before;
            wrapped = answers.wrapped() - wrappedBefore;

            long last = 0;
            for (WorkerResultFrame result : answers.results()) {
                assertThat(result.dispatch()).isGreaterThan(last);
                last = result.dispatch();
                assertThat(result).isEqualTo(samples.result(last));
                assertThat(revoked.getOrDefault(last, false)).isFalse();
            }
            // Claims are reused, so of the older dispatches only the results tell.
            for (long dispatch = Math.max(1, offered - 1023); dispatch <= offered; dispatch++) {
                boolean taken = revoked.getOrDefault(dispatch, false);
                assertThat(corpse.state(dispatch)).isEqualTo(taken ? ClaimState.REVOKED : ClaimState.STARTED);
                if (!taken && dispatch > last) {
                    pending.add(dispatch);
                }
            }
            lost = pending.size();
            assertThat(lost).isBetween(0, 1);
            compareWithEvidence(pending);
        }

        private void compareWithEvidence(List<Long> pending) throws Exception {
            List<Long> ran = new ArrayList<>();
            ByteBuffer log = ByteBuffer.wrap(Files.exists(evidence) ? Files.readAllBytes(evidence) : new byte[0]);
            while (log.remaining() >= Long.BYTES) {
                ran.add(log.getLong());
            }
            List<Long> accounted = new ArrayList<>(
                    answers.results().stream().map(WorkerResultFrame::dispatch).toList());
            if (ran.size() > accounted.size()) {
                accounted.addAll(pending);
            }
            assertThat(ran).isEqualTo(accounted);
        }
    }

    @Test
    void a_full_memory_file_system_is_an_exception_and_leaves_nothing() throws Exception {
        String mount = "mount -t tmpfs -o size=256k tmpfs " + directory;
        Process probe = new ProcessBuilder("sh", "-c", "unshare -rm sh -c '" + mount + "'").start();
        assumeTrue(probe.waitFor() == 0, "needs unshare and a tmpfs of its own");
        String command = mount + " && " + String.join(" ", ChildJvm.command("full", directory.toString()));

        String said = output(new ProcessBuilder("unshare", "-rm", "sh", "-c", command).start());

        assertThat(said)
                .startsWith("3 pages, false, cannot create the flight recorder " + directory.resolve("page3") + " of ")
                .contains("is there room in its file system");
    }

    @Test
    void a_file_that_is_cut_in_mid_use_does_not_end_the_supervisor() throws Exception {
        assertThat(output(ChildJvm.start("cut", Scratch.file().toString()))).isEqualTo("refused 30");
    }
}
