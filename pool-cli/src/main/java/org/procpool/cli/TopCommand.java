package org.procpool.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Predicate;
import org.procpool.cli.top.LiveTop;
import org.procpool.cli.top.PlainTop;
import org.procpool.cli.top.TopService;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code procpool top}. */
@Command(
        name = "top",
        description = "Shows live what the service and its workers do: rates, times, queue, workers, last deaths.",
        footer = {
            "",
            "On a terminal keys select, sort, inspect and replace workers; ? tells them. If the service goes away, it"
                    + " waits until it is there again. Elsewhere, as in a pipe, it prints a line an interval.",
            "NO_COLOR in the environment switches colours off; without a UTF-8 locale all is ASCII.",
            "",
            "Exit code: 0, 6 if the server cannot be reached at first.",
            "",
            "Examples:",
            "  procpool top",
            "  procpool top --interval 5s --admin 127.0.0.1:7421",
            "  procpool top --plain --count 1         one line, for a script"
        })
final class TopCommand extends CliCommand {

    private static final Duration INTERVAL_MIN = Duration.ofMillis(250);
    private static final Duration INTERVAL_MAX = Duration.ofHours(1);

    @Option(
            names = "--interval",
            paramLabel = "D",
            defaultValue = "1s",
            description = "How often it draws or prints, 250ms to 1h (1s); what happens to workers shows at once.")
    private Duration interval = Duration.ZERO;

    @Option(names = "--plain", description = "Prints lines on a terminal too.")
    private boolean plain;

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "0",
            description = "Ends after so many lines; 0, the default, never. Goes with lines only.")
    private long count;

    @Mixin
    private final SteerOption steer = new SteerOption();

    TopCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        if (interval.compareTo(INTERVAL_MIN) < 0 || interval.compareTo(INTERVAL_MAX) > 0) {
            throw CliException.usage("--interval must be from 250ms to 1h");
        }
        if (count < 0) {
            throw CliException.usage("--count must be 0 or more");
        }
        try {
            if (plain || !console.screen() || count > 0) {
                new PlainTop(new Service(), interval.toNanos(), count, this::print, console::error).run();
            } else {
                LiveTop.run(new Service(), interval.toNanos());
            }
            return ExitCode.OK;
        } catch (TopService.LostException e) {
            throw e.getCause() instanceof CliException said
                    ? said
                    : new CliException(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.FAILED, "the terminal cannot be used (" + e.getMessage() + "); try --plain", e);
        }
    }

    private void print(String line) {
        console.print(line);
        console.flush();
    }

    /** The service by its admin HTTP. */
    private final class Service implements TopService {

        @Override
        public String address() {
            return steer.toString();
        }

        @Override
        public void watch(Predicate<JsonNode> pulses) throws LostException {
            try {
                steer.admin().listen("/api/events", data -> pulses.test(AdminJson.read(steer.admin(), data)));
            } catch (CliException e) {
                if (e.exitCode() == ExitCode.FAILED) {
                    // Who read what is printed here has left; the service is there.
                    throw e;
                }
                throw new LostException(e.getMessage(), e);
            }
        }

        @Override
        public JsonNode autopsies() throws LostException {
            try {
                return AdminJson.read(steer.admin(), steer.admin().get("/api/workers/dead"));
            } catch (CliException e) {
                throw new LostException(e.getMessage(), e);
            }
        }

        @Override
        public void restart(int worker) throws LostException {
            try {
                steer.post("/api/restart?worker=" + worker);
            } catch (CliException e) {
                throw new LostException(e.getMessage(), e);
            }
        }
    }
}
