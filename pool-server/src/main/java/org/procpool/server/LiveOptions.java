package org.procpool.server;

import java.util.List;
import java.util.function.Supplier;
import org.procpool.server.http.ReloadReport;

/** The options in force, which may change while the service runs, and who reads them again. Safe for any thread. */
final class LiveOptions {

    /** Written by whoever reconfigures, one at a time; read by all. */
    private volatile ServerOptions now;
    /** Written once by the program that started the service. */
    private volatile Supplier<ReloadReport> reload = () -> new ReloadReport(
            List.of(),
            List.of(),
            List.of("this service was not started from a configuration that could be read again"));

    LiveOptions(ServerOptions now) {
        this.now = now;
    }

    ServerOptions now() {
        return now;
    }

    void change(ServerOptions value) {
        now = value;
    }

    Supplier<ReloadReport> reload() {
        return reload;
    }

    void reloadBy(Supplier<ReloadReport> value) {
        reload = value;
    }
}
