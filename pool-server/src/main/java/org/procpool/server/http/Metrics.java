package org.procpool.server.http;

import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.procpool.PoolReport;

/**
 * The numbers for Prometheus. Those of the supervisor's JVM come from Micrometer; those of the pool are kept by its
 * loop, in arrays of its own, and put into words at each scrape, so that a task pays nothing for them here. Used on the
 * admin loop only.
 */
final class Metrics implements AutoCloseable {

    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final PoolCollector collector;
    private final JvmGcMetrics collections = new JvmGcMetrics();

    Metrics(LoopLag lag) {
        collector = new PoolCollector(lag);
        // Against Prometheus' rules for names: one has "ns" in it, which the collector tells in seconds, the other ends
        // in "_count".
        registry.config()
                .meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"))
                .meterFilter(MeterFilter.deny(id -> id.getName().equals("system.cpu.count")));
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collections.bindTo(registry);
        registry.getPrometheusRegistry().register(collector);
    }

    /** @param accept what the asker can read; null if it did not say */
    Reply scrape(PoolReport report, @Nullable String accept) {
        String type = accept != null && accept.contains("application/openmetrics-text") ? OPEN_METRICS : TEXT;
        collector.show(report);
        return Reply.text(HttpResponseStatus.OK, type, registry.scrape(type), Map.of());
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
