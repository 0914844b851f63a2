package org.procpool.cli.config;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A file of settings as it was written: names, values and their lines; knows nothing of what the names mean. */
final class ConfigFile {

    private static final long BYTES_MAX = 1 << 20;

    /**
     * One line of it.
     *
     * @param values one, or those of a list
     * @param list whether it was written as a list
     * @param place file and line
     */
    record Entry(String name, List<String> values, boolean list, String place) {}

    private final Path path;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    private ConfigFile(Path path) {
        this.path = path;
    }

    /** Reads the file; what is wrong with it is in its {@link #problems}. */
    static ConfigFile read(Path path) {
        ConfigFile file = new ConfigFile(path);
        try {
            if (Files.size(path) > BYTES_MAX) {
                throw new IOException("it has more than 1m");
            }
            file.parse(Files.readString(path));
        } catch (NoSuchFileException e) {
            file.problems.add("the configuration " + path + " is not there");
        } catch (MalformedInputException e) {
            file.problems.add("the configuration " + path + " is not UTF-8 text");
        } catch (IOException e) {
            file.problems.add("the configuration " + path + " cannot be read: "
                    + e.getClass().getSimpleName() + " " + e.getMessage());
        }
        return file;
    }

    List<Entry> entries() {
        return List.copyOf(entries.values());
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    private void parse(String text) {
        LoadSettings settings = LoadSettings.builder().setLabel(path.toString()).build();
        try {
            Optional<Node> root = new Compose(settings).composeString(text);
            if (root.isPresent()) {
                parse(root.get());
            }
        } catch (MarkedYamlEngineException e) {
            problems.add(place(e.getProblemMark().orElse(null)) + ": not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            problems.add(path + ": not YAML: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    private void parse(Node root) {
        if (root instanceof MappingNode mapping) {
            mapping.getValue().forEach(this::parse);
        } else if (!root.getTag().equals(Tag.NULL)) {
            problems.add(place(root) + ": there must be lines such as 'workers: 4'");
        }
    }

    private void parse(NodeTuple tuple) {
        String place = place(tuple.getKeyNode());
        if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
            problems.add(place + ": the name of a setting must be a plain word");
            return;
        }
        String name = key.getValue();
        List<String> values = new ArrayList<>();
        if (!collect(tuple.getValueNode(), values)) {
            problems.add(place + ": " + name + " must have one value, or a list of them");
        } else if (values.contains("")) {
            problems.add(place + ": " + name + " has no value; give one, or take the line out");
        } else {
            boolean list = tuple.getValueNode() instanceof SequenceNode;
            Entry before = entries.put(name, new Entry(name, List.copyOf(values), list, place));
            if (before != null) {
                problems.add(place + ": " + name + " was set before, at " + before.place() + "; take one out");
            }
        }
    }

    private static boolean collect(Node node, List<String> values) {
        if (node instanceof ScalarNode scalar) {
            values.add(scalar.getTag().equals(Tag.NULL) ? "" : scalar.getValue());
            return true;
        }
        return node instanceof SequenceNode sequence
                && sequence.getValue().stream().allMatch(item -> item instanceof ScalarNode && collect(item, values))
                && !values.isEmpty();
    }

    private String place(Node node) {
        return place(node.getStartMark().orElse(null));
    }

    private String place(@Nullable Mark mark) {
        return mark == null ? path.toString() : path + ":" + (mark.getLine() + 1);
    }
}
