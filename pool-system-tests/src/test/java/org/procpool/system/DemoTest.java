package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.system.Cli.Ended;

/** {@code procpool demo}, which checks each of its own steps. */
@ExtendWith(LeakCheck.class)
class DemoTest {

    @Test
    void demo_ends_with_all_its_checks_held() throws Exception {
        Ended demo = Cli.run(
                Map.of(
                        "RUNTIME_DIRECTORY", LeakCheck.runDirectory().toString(),
                        "XDG_CACHE_HOME", LeakCheck.workDirectory().toString()),
                "demo");
        assertThat(demo.exitCode()).as(demo.output() + demo.errors()).isZero();
        assertThat(demo.output())
                .doesNotContain("FAILED")
                .contains("kill -9", "every worker left by itself with exit code 0")
                .containsPattern("All \\d+ checks held, in \\d+[^\\n]*\\.$");
    }
}
