package org.procpool.cli;

import java.util.Set;
import java.util.stream.Collectors;
import org.procpool.cli.config.ConfigOption;
import org.procpool.server.ServerOptions;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Which settings can change while a service runs. Nobody has a list of them: each is tried out with other values, and
 * the service's options say whether they can become what comes of that.
 */
final class LiveSettings {

    private final CommandLine serve = ServeConfig.trial();
    private final ServerOptions before = with();

    Set<String> names() {
        return ServeConfig.options().all().stream()
                .filter(this::isLive)
                .map(ConfigOption::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    private boolean isLive(ConfigOption option) {
        boolean live = false;
        for (String value : option.samples()) {
            ServerOptions changed;
            try {
                changed = with(option.flag() + "=" + value);
            } catch (ParameterException | IllegalArgumentException e) {
                // This value means nothing there, or nothing alone. If none does, it is not known to be live.
                continue;
            }
            if (!before.canBecome(changed)) {
                return false;
            }
            live = true;
        }
        return live;
    }

    private ServerOptions with(String... flags) {
        serve.parseArgs(flags);
        return ((ServeCommand) serve.getCommand()).options();
    }
}
