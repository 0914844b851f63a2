package org.procpool.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandlerReleasesTest {

    @TempDir
    Path root;

    private Path jar() {
        return root.resolve("handlers.jar");
    }

    private Path classes() {
        return root.resolve("classes");
    }

    private String digestOf(HandlerReleases releases, int release) throws IOException {
        return HandlerReleases.digest(releases.copy(release));
    }

    @Test
    void digest_tells_whether_a_release_has_other_handlers_than_the_one_before() throws IOException {
        Files.writeString(jar(), "one");
        Files.writeString(Files.createDirectories(classes().resolve("org")).resolve("A.class"), "a");
        HandlerReleases releases = new HandlerReleases(root.resolve("run"), List.of(jar(), classes()));

        String first = digestOf(releases, 1);
        assertThat(first).matches("[0-9a-f]{12}");
        assertThat(digestOf(releases, 2)).isEqualTo(first);

        Files.writeString(jar(), "two");
        String second = digestOf(releases, 3);
        assertThat(second).isNotEqualTo(first);

        Files.move(classes().resolve("org/A.class"), classes().resolve("org/B.class"));
        assertThat(digestOf(releases, 4)).isNotIn(first, second);
    }

    @Test
    void removed_release_leaves_the_others() throws IOException {
        Files.writeString(jar(), "one");
        HandlerReleases releases = new HandlerReleases(root.resolve("run"), List.of(jar()));
        List<Path> first = releases.copy(1);
        List<Path> second = releases.copy(2);

        releases.remove(1);

        assertThat(first.get(0)).doesNotExist();
        assertThat(second.get(0)).hasContent("one");
    }
}
