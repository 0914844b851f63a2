package org.procpool.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procpool.recorder.RecorderOptions;
import org.procpool.recorder.SupervisorPage;
import org.procpool.task.WorkerId;

class RecorderDirectoryTest {

    @TempDir
    Path temp;

    @Test
    void pages_lie_where_only_this_user_can_go_and_what_dead_pools_left_is_removed() throws IOException {
        Path base = temp.resolve("procpool-" + System.getProperty("user.name"));
        Path dead = Files.createDirectories(base.resolve("pool-dead"));
        Files.createFile(dead.resolve("lock"));
        Files.write(dead.resolve("w1.1"), new byte[1000]);
        Path pool;
        try (RecorderDirectory living = RecorderDirectory.create(temp, Enclosure.NONE);
                RecorderDirectory another = RecorderDirectory.create(temp, Enclosure.NONE)) {
            pool = living.path();
            assertThat(dead).doesNotExist();
            assertThat(pool).exists().isNotEqualTo(another.path());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(base)))
                    .isEqualTo("rwx------");
            RecorderPlace place = new RecorderPlace(pool, RecorderOptions.DEFAULT);
            try (SupervisorPage page = place.newPage(new WorkerId(1, 1), Enclosure.NONE)) {
                assertThat(pool.resolve("w1.1")).doesNotExist();
                assertThat(Files.size(page.file())).isEqualTo(RecorderOptions.DEFAULT.pageBytes());
            }
        }
        assertThat(pool).doesNotExist();
    }

    @Test
    void memory_directory_that_is_not_there_is_refused_in_a_sentence() throws IOException {
        Path missing = temp.resolve("missing");
        assertThatThrownBy(() -> RecorderDirectory.create(missing, Enclosure.NONE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the memory directory " + missing)
                .hasMessageContaining("switch the recorder off");
        assertThat(missing).doesNotExist();
    }
}
