package org.procpool.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SupervisorPageTest {

    private static final RecorderOptions SMALL = new RecorderOptions(16, 4096);

    private Path file;
    private SupervisorPage page;
    private FileChannel raw;

    @BeforeEach
    void create() throws IOException {
        file = Scratch.file();
        page = SupervisorPage.create(file, SMALL);
        raw = FileChannel.open(page.file(), StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    @AfterEach
    void close() throws IOException {
        raw.close();
        page.close();
    }

    private void put(long offset, long value) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
        raw.write(bytes.putLong(0, value), offset);
    }

    @Test
    void only_the_owner_may_open_the_file() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(page.file())))
                .isEqualTo("rw-------");
        assertThat(Files.size(page.file())).isEqualTo(SMALL.pageBytes());
    }

    @Test
    void a_page_is_never_made_over_another_file() throws IOException {
        Files.createFile(file);
        assertThatThrownBy(() -> SupervisorPage.create(file, SMALL))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString());
        assertThat(file).isEmptyFile();
        Files.delete(file);
    }

    @Test
    void the_page_has_no_name_and_gives_its_memory_back_when_closed() throws IOException {
        assertThat(file).doesNotExist();
        WorkerPage worker = WorkerPage.map(page.file());
        page.unlink();

        page.offer(1);
        assertThat(worker.tryStart(1, 7)).isTrue();
        assertThat(page.state(1)).isEqualTo(ClaimState.STARTED);

        page.close();
        page.close();
        assertThat(raw.size()).isZero();
        assertThatThrownBy(() -> page.revoke(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void where_no_descriptor_can_be_found_the_page_keeps_its_name_until_it_is_mapped() throws IOException {
        Path empty = Files.createTempDirectory("procpool-test-proc");
        for (boolean mapped : new boolean[] {true, false}) {
            try (SupervisorPage named = SupervisorPage.create(file, SMALL, empty)) {
                assertThat(named.file()).isEqualTo(file).exists();
                if (mapped) {
                    WorkerPage worker = WorkerPage.map(file);
                    named.unlink();
                    assertThat(file).doesNotExist();
                    named.offer(1);
                    assertThat(worker.tryStart(1, 7)).isTrue();
                }
            }
            assertThat(file).doesNotExist();
        }
        Files.delete(empty);
    }

    @Test
    void pages_in_a_directory_behind_a_link_are_found_too() throws IOException {
        Path link = Files.createTempDirectory("procpool-test-link").resolve("link");
        Files.createSymbolicLink(link, file.getParent());
        try (SupervisorPage other = SupervisorPage.create(link.resolve(file.getFileName()), SMALL)) {
            assertThat(file).doesNotExist();
            assertThat(other.file()).isNotEqualTo(page.file());
            WorkerPage worker = WorkerPage.map(other.file());
            other.offer(1);
            assertThat(worker.tryStart(1, 7)).isTrue();
        }
        Files.delete(link);
        Files.delete(link.getParent());
    }

    @Test
    void a_claim_is_started_or_revoked_and_the_first_decides() throws IOException {
        WorkerPage worker = WorkerPage.map(page.file());
        page.offer(5);
        page.offer(6);
        assertThat(page.state(5)).isEqualTo(ClaimState.OFFERED);

        assertThat(worker.tryStart(5, 1_234)).isTrue();
        assertThat(page.revoke(5)).isFalse();
        assertThat(page.startNanos(5)).isEqualTo(1_234);
        assertThat(page.revoke(6)).isTrue();
        assertThat(page.revoke(6)).isFalse();
        assertThat(worker.tryStart(6, 1_300)).isFalse();

        Corpse corpse = page.corpse();
        assertThat(corpse.state(5)).isEqualTo(ClaimState.STARTED);
        assertThat(corpse.startNanos(5)).isEqualTo(1_234);
        assertThat(corpse.state(6)).isEqualTo(ClaimState.REVOKED);
        assertThat(corpse.unparsed().remaining()).isZero();
    }

    @Test
    void a_corpse_is_a_copy() throws IOException {
        page.offer(1);
        Corpse corpse = page.corpse();

        page.revoke(1);
        page.close();

        assertThat(corpse.state(1)).isEqualTo(ClaimState.OFFERED);
    }

    @Test
    void claims_are_used_again_and_again() throws IOException {
        WorkerPage worker = WorkerPage.map(page.file());
        for (long dispatch = 1; dispatch < 1_000; dispatch++) {
            page.offer(dispatch);
            assertThat(page.revoke(dispatch) || dispatch % 3 != 0).isTrue();
            assertThat(worker.tryStart(dispatch, dispatch)).isFalse();
        }
        page.offer(Layout.DISPATCH_MAX);
        assertThat(worker.tryStart(Layout.DISPATCH_MAX, 1)).isTrue();
        assertThat(page.state(Layout.DISPATCH_MAX)).isEqualTo(ClaimState.STARTED);
    }

    @Test
    void mistakes_of_the_caller_are_told_apart_from_a_corrupt_page() {
        page.offer(3);

        assertThatThrownBy(() -> page.offer(3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> page.offer(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> page.offer(Layout.DISPATCH_MAX + 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> page.offer(19))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("dispatch 3");
        assertThatThrownBy(() -> page.state(4)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> page.revoke(19)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> page.publishParsed(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> page.corpse().state(19)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_worker_refuses_tasks_that_were_not_offered_and_those_it_has_started() throws IOException {
        WorkerPage worker = WorkerPage.map(page.file());
        page.offer(1);
        worker.tryStart(1, 1);

        for (long dispatch : new long[] {1, 2, 17, 0, -1, Long.MAX_VALUE}) {
            assertThatThrownBy(() -> worker.tryStart(dispatch, 1)).isInstanceOf(CorruptRecorderException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 4097, Long.MAX_VALUE, Long.MIN_VALUE})
    void a_written_position_that_cannot_be_is_corrupt(long position) throws IOException {
        put(Layout.WRITTEN_OFFSET, position);

        assertCorrupt(page::written);
        assertCorrupt(page::unparsed);
        assertCorrupt(() -> page.verify(0));
        assertCorrupt(() -> page.publishParsed(1));
        assertCorrupt(() -> page.corpse().unparsed());
    }

    @Test
    void positions_that_go_back_or_ahead_of_what_was_sent_are_corrupt() throws IOException {
        put(Layout.WRITTEN_OFFSET, 100);
        put(Layout.CONSUMED_OFFSET, 50);
        page.verify(50);
        assertThat(page.consumed(60)).isEqualTo(50);
        assertCorrupt(() -> page.publishParsed(101));
        page.publishParsed(100);
        assertThat(page.unparsed().remaining()).isZero();

        put(Layout.WRITTEN_OFFSET, 99);
        put(Layout.CONSUMED_OFFSET, 49);

        assertCorrupt(page::written);
        assertCorrupt(() -> page.corpse().unparsed());
        assertCorrupt(() -> page.consumed(60));
        put(Layout.CONSUMED_OFFSET, 61);
        assertCorrupt(() -> page.consumed(60));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 4, 3, 8, 9, 4 * 21 + 1, 4 * 21 + 2, -1, Long.MIN_VALUE, Long.MAX_VALUE})
    void a_claim_word_that_cannot_be_is_corrupt(long word) throws IOException {
        page.offer(5);
        put(Layout.claimOffset(5, SMALL.claims()), word);

        assertCorrupt(() -> page.state(5));
        assertCorrupt(() -> page.revoke(5));
        assertCorrupt(() -> page.offer(21));
        assertCorrupt(() -> page.corpse().state(5));
    }

    private static void assertCorrupt(ThrowingCallable access) {
        assertThatThrownBy(access).isInstanceOf(CorruptRecorderException.class);
    }

    @Test
    void noise_in_the_page_is_answered_or_corrupt_but_never_anything_else() throws IOException {
        Random random = new Random(2);
        ByteBuffer noise = ByteBuffer.allocate(SMALL.pageBytes()).order(ByteOrder.nativeOrder());
        List<Consumer<SupervisorPage>> accesses = List.of(
                SupervisorPage::written,
                SupervisorPage::unparsed,
                other -> other.verify(random.nextInt(10_000)),
                other -> other.consumed(random.nextInt(10_000)),
                other -> other.publishParsed(other.parsed() + random.nextInt(5_000)),
                other -> other.state(1 + random.nextInt(16)),
                other -> other.startNanos(1 + random.nextInt(16)),
                other -> other.revoke(1 + random.nextInt(16)),
                other -> other.corpse().unparsed(),
                other -> other.corpse().state(1 + random.nextInt(16)));
        for (int dispatch = 1; dispatch <= 16; dispatch++) {
            page.offer(dispatch);
        }
        for (int round = 0; round < 20_000; round++) {
            if (round % 100 == 0) {
                random.nextBytes(noise.array());
                raw.write(noise.clear(), 0);
            }
            long[] places = {Layout.WRITTEN_OFFSET, Layout.CONSUMED_OFFSET, Layout.PARSED_OFFSET};
            put(places[random.nextInt(3)], random.nextInt(6_000));
            put(Layout.claimOffset(round, 16), random.nextInt(80));
            try {
                accesses.get(random.nextInt(accesses.size())).accept(page);
            } catch (CorruptRecorderException e) {
                assertThat(e).hasMessageMatching("[^\\n]{20,200}");
            }
        }
    }

    @Test
    void a_file_that_was_cut_to_any_size_is_corrupt() throws IOException {
        page.offer(1);
        for (long size : new long[] {SMALL.pageBytes() - 1, 4096 + 17, 4096, 4095, 128, 1, 0}) {
            raw.truncate(size);

            assertCorrupt(() -> page.revoke(1));
            assertCorrupt(() -> page.state(1));
            assertCorrupt(() -> page.startNanos(1));
            assertCorrupt(page::unparsed);
            assertCorrupt(() -> page.verify(0));
            assertCorrupt(page::corpse);
            assertCorrupt(() -> WorkerPage.map(page.file()));
        }
    }

    @Test
    void a_worker_maps_nothing_that_is_not_a_page_of_its_version() throws IOException {
        assertThatCode(() -> WorkerPage.map(page.file())).doesNotThrowAnyException();
        assertThatThrownBy(() -> WorkerPage.map(file.resolveSibling("procpool-test-none")))
                .isInstanceOf(IOException.class);

        put(Layout.VERSION_OFFSET, 2);
        assertThatThrownBy(() -> WorkerPage.map(page.file()))
                .isInstanceOf(CorruptRecorderException.class)
                .hasMessageContaining("version 2");
        put(Layout.VERSION_OFFSET, Layout.VERSION);
        for (long claims : new long[] {0, 17, 32, Long.MAX_VALUE, -16}) {
            put(Layout.CLAIMS_OFFSET, claims);
            assertCorrupt(() -> WorkerPage.map(page.file()));
        }
        put(Layout.CLAIMS_OFFSET, 16);
        put(Layout.MAGIC_OFFSET, 0);
        assertCorrupt(() -> WorkerPage.map(page.file()));
    }
}
