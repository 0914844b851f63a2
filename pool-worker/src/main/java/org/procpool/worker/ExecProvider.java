package org.procpool.worker;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The commands that the supervisor has told this worker to run for tasks. */
final class ExecProvider implements HandlerProvider {

    private final List<String> settings;
    private final Path directory;

    /**
     * Reads nothing yet.
     *
     * @param settings one command each: the task's name and the words, all in the encoding of URLs, with spaces between
     * @param directory to run the commands in
     */
    ExecProvider(List<String> settings, Path directory) {
        this.settings = settings;
        this.directory = directory;
    }

    @Override
    public Map<String, TaskHandler> handlers() {
        Map<String, TaskHandler> handlers = new LinkedHashMap<>();
        for (String setting : settings) {
            List<String> words = new ArrayList<>();
            for (String word : setting.split(" ", -1)) {
                words.add(URLDecoder.decode(word, StandardCharsets.UTF_8));
            }
            String name = words.remove(0);
            handlers.put(name, new ExecHandler(name, List.copyOf(words), directory));
        }
        return handlers;
    }
}
