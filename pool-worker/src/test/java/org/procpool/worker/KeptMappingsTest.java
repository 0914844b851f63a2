package org.procpool.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptMappingsTest {

    private static final int SIZE = 10_000;

    @TempDir
    private Path directory;

    private final KeptMappings mappings = new KeptMappings();

    private Path file(String name) throws IOException {
        return Files.write(directory.resolve(name), new byte[SIZE]);
    }

    @Test
    void a_file_is_mapped_once_until_more_of_it_is_wanted() throws IOException {
        Path file = file("one");
        ByteBuffer half = mappings.map(file, SIZE / 2);
        assertThat(mappings.map(file, SIZE / 4)).isSameAs(half);
        ByteBuffer whole = mappings.map(file, SIZE);
        assertThat(whole.capacity()).isEqualTo(SIZE);
        assertThat(mappings.map(file, SIZE / 2)).isSameAs(whole);
        whole.put(SIZE - 1, (byte) 7);
        assertThat(Files.readAllBytes(file)[SIZE - 1]).isEqualTo((byte) 7);
    }

    @Test
    void what_is_not_there_is_not_mapped_and_not_made() throws IOException {
        Path file = file("short");
        assertThatThrownBy(() -> mappings.map(file, SIZE + 1)).isInstanceOf(IOException.class);
        assertThat(Files.size(file)).isEqualTo(SIZE);
        assertThatThrownBy(() -> mappings.map(directory.resolve("none"), 1)).isInstanceOf(IOException.class);
    }

    @Test
    void only_the_newest_are_kept() throws IOException {
        Path first = file("first");
        Path used = file("used");
        ByteBuffer before = mappings.map(first, SIZE);
        ByteBuffer again = mappings.map(used, SIZE);
        for (int i = 0; i < 100; i++) {
            mappings.map(file("file-" + i), SIZE);
            assertThat(mappings.map(used, SIZE)).isSameAs(again);
        }
        assertThat(mappings.map(first, SIZE)).isNotSameAs(before);
    }
}
