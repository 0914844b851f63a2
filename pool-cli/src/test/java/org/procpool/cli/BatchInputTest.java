package org.procpool.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procpool.client.TaskRequest;
import org.procpool.proto.Payload;

class BatchInputTest {

    @TempDir
    private Path directory;

    private static List<String> lines(String text, long bytesMax) {
        List<String> lines = new ArrayList<>();
        ByteArrayInputStream in = new ByteArrayInputStream(Console.utf8(text));
        try (LineSource source = new LineSource(null, in, new PayloadReader(bytesMax))) {
            source.forEachRemaining(
                    item -> lines.add(item.label() + "=" + item.payload().get().text()));
        }
        return lines;
    }

    @Test
    void lines_are_cut_at_line_feeds_only() {
        assertThat(lines("a\n\nb\r\nc", 100)).containsExactly("line 1=a", "line 2=", "line 3=b\r", "line 4=c");
        assertThat(lines("", 100)).isEmpty();
        assertThat(lines("x\n", 100)).containsExactly("line 1=x");
    }

    @Test
    void a_line_over_the_limit_is_named() {
        assertThatThrownBy(() -> lines("abc\nabcdef\n", 4))
                .isInstanceOf(CliException.class)
                .hasMessageStartingWith("line 2 has more than 4 B");
    }

    @Test
    void a_pattern_finds_files_below_its_fixed_part_in_order() throws IOException {
        Files.createDirectories(directory.resolve("a/b"));
        for (String name : List.of("2.txt", "1.txt", "x.jpg", "a/3.txt", "a/b/4.txt")) {
            Files.writeString(directory.resolve(name), name);
        }
        assertThat(FileGlob.find(directory + "/*.txt").files())
                .containsExactly(directory.resolve("1.txt"), directory.resolve("2.txt"));
        FileGlob deep = FileGlob.find(directory + "/a/**.txt");
        assertThat(deep.base()).isEqualTo(directory.resolve("a"));
        assertThat(deep.files()).containsExactly(directory.resolve("a/3.txt"), directory.resolve("a/b/4.txt"));
        assertThat(FileGlob.find(directory + "/1.txt").files()).hasSize(1);
    }

    @Test
    void a_pattern_that_finds_nothing_is_a_mistake() {
        for (String pattern : List.of("/*.png", "/no/such/*", "/[")) {
            assertThatThrownBy(() -> FileGlob.find(directory + pattern))
                    .isInstanceOf(CliException.class)
                    .hasMessageContaining(directory + pattern);
        }
    }

    @Test
    void a_file_is_saved_whole_and_replaces_the_old_one() throws IOException {
        Path file = directory.resolve("out");
        ShowOption.save(Payload.of("long old text"), file);
        ShowOption.save(Payload.of("new"), file);
        assertThat(file).hasContent("new");
        assertThat(directory).isDirectoryNotContaining(path -> path.toString().endsWith(".part"));
        assertThatThrownBy(() -> ShowOption.save(Payload.EMPTY, directory.resolve("no/out")))
                .hasMessage("cannot write '" + directory + "/no/out': there is no such file or directory");
    }

    @Test
    void the_demos_parts_are_spread_evenly() {
        List<DemoInput> many = List.of(input("m1"), input("m2"), input("m3"), input("m4"));
        List<DemoInput> few = List.of(input("f1"), input("f2"));
        assertThat(DemoBatch.mixed(List.of(many, few)))
                .extracting(DemoInput::label)
                .containsExactly("m1", "f1", "m2", "m3", "f2", "m4");
    }

    private static DemoInput input(String label) {
        return new DemoInput(label, TaskRequest.of("echo", Payload.EMPTY), 0, null);
    }
}
