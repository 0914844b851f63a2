package org.procpool.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.procpool.PoolException;
import org.procpool.cli.ServeConfig.InForce;
import org.procpool.cli.config.ConfigException;
import org.procpool.server.PoolServer;
import org.procpool.server.ServerOptions;
import org.procpool.server.http.ReloadReport;
import org.procpool.server.systemd.Notifier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the settings of a running service again, and lets it have those that can change while it runs. Which those are
 * is not written down anywhere: a setting can change if the service's options, with the new value in them, are what the
 * service takes over from them. Safe for use by any thread.
 */
final class ServeReload {

    private static final Logger LOG = LoggerFactory.getLogger(ServeReload.class);

    private final PoolServer server;
    private final Notifier notifier;
    private final Console console;
    /** What the service runs with, but for what waits for a restart. Guarded by this. */
    private ServeConfig inForce;

    ServeReload(ServeConfig inForce, PoolServer server, Notifier notifier, Console console) {
        this.inForce = inForce;
        this.server = server;
        this.notifier = notifier;
        this.console = console;
    }

    /** For people. */
    static String sentence(List<String> applied, List<String> restart) {
        if (applied.isEmpty() && restart.isEmpty()) {
            return "nothing has changed";
        }
        List<String> parts = new ArrayList<>();
        if (!applied.isEmpty()) {
            parts.add("in force now: " + String.join(", ", applied));
        }
        if (!restart.isEmpty()) {
            parts.add("after a restart: " + String.join(", ", restart));
        }
        return String.join("; ", parts);
    }

    /** Reads the file and changes what can be changed; a file with a mistake changes nothing. */
    synchronized ReloadReport reload() {
        notifier.reloading();
        try {
            ReloadReport report = apply(inForce.readAgain(System.getenv()));
            LOG.info("the settings were read again: {}", sentence(report.applied(), report.restart()));
            return report;
        } catch (ConfigException e) {
            return refused(e.problems());
        } catch (IOException | IllegalArgumentException | PoolException e) {
            return refused(List.of(String.valueOf(e.getMessage())));
        } finally {
            notifier.reloaded();
        }
    }

    private static ReloadReport refused(List<String> problems) {
        LOG.error("the settings were read again and nothing is changed: {}", String.join("; ", problems));
        return new ReloadReport(List.of(), List.of(), problems);
    }

    private ReloadReport apply(ServeConfig next) throws IOException {
        next.checkTogether();
        server.reloadSecurity();
        List<String> applied = new ArrayList<>();
        List<String> restart = new ArrayList<>();
        ServerOptions now = inForce.command().options();
        Map<String, InForce> before = inForce.inForce();
        next.inForce().forEach((name, value) -> {
            InForce old = before.get(name);
            if (old == null || !old.value().equals(value.value())) {
                ServerOptions changed =
                        inForce.with(List.of(name), next).command().options();
                (now.canBecome(changed) ? applied : restart).add(name);
            }
        });
        // What waits for a restart stays as it was, and is told of again at the next reload.
        ServeConfig mixed = inForce.with(applied, next);
        PoolServer.check(mixed.command().options());
        server.reconfigure(mixed.command().options());
        inForce = mixed;
        if (applied.stream().anyMatch(name -> name.startsWith("log-"))) {
            inForce.command().beginLog(console);
        }
        return new ReloadReport(applied, restart, List.of());
    }
}
