package org.procpool.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BenchReportTest {

    private static final BenchResult RESULT = new BenchResult(
            BenchOptions.defaults(InetSocketAddress.createUnresolved("somewhere", 1)),
            5,
            1_234_567,
            246_913.44,
            63.26,
            70,
            99.94,
            250.05,
            10_000.26,
            3,
            new TreeMap<>(Map.of("REJECTED", 2L, "WRONG_RESULT", 1L)),
            "the queue is full",
            2,
            Trace.NONE);

    @Test
    void json_is_one_line_with_what_scripts_look_for() {
        assertThat(BenchReport.json(RESULT))
                .isEqualTo("{\"perSec\":246913.4,\"p50Micros\":63.3,\"p90Micros\":70.0,\"p99Micros\":99.9,"
                        + "\"p999Micros\":250.1,\"maxMicros\":10000.3,\"completed\":1234567,\"errors\":3,"
                        + "\"errorsByKind\":{\"REJECTED\":2,\"WRONG_RESULT\":1},\"task\":\"echo\",\"payload\":100,"
                        + "\"window\":64,\"connections\":1,\"seconds\":5.0,\"workers\":2}");
    }

    @Test
    void text_is_for_people() {
        assertThat(BenchReport.text(RESULT)).isEqualTo("""
                echo, 100 bytes, window 64, 1 connection, 2 workers, 5.0 s
                  rate            246,913 tasks/s
                  completed     1,234,567
                  errors                3
                  p50                63.3 us
                  p90                70.0 us
                  p99                99.9 us
                  p99.9             250.1 us
                  max            10,000.3 us
                  REJECTED: 2
                  WRONG_RESULT: 1
                  first error: the queue is full
                """);
    }
}
