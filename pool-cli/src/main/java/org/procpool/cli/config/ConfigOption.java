package org.procpool.cli.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.OptionSpec;

/** An option of a command as a setting: how it is called, and what may stand there. Immutable. */
public final class ConfigOption {

    /** What a value is, as far as a schema can tell. */
    enum Kind {
        COUNT("a whole number"),
        DURATION("a duration, such as 500ms, 2s, 5m or 1h"),
        SIZE("a size, such as 512, 64k, 10m or 1g"),
        CHOICE("one of "),
        LIST("a text, or a list of them"),
        TEXT("a text");

        private final String allowed;

        Kind(String allowed) {
            this.allowed = allowed;
        }
    }

    private static final String VARIABLE_PREFIX = "PROCPOOL_";
    /** What separates the values of a list. */
    static final String SEPARATOR = ",";

    private static final String SIZE_LABEL = "SIZE";
    private static final Pattern DEFAULT = Pattern.compile("(?i)\\bdefault:? (.+?)(?:[.;](?:\\s|$)|, (?=\\d|or\\b)|$)");
    /** A label that says so by itself, such as {@code on|off}. */
    private static final Pattern CHOICES = Pattern.compile("[a-z-]+(\\|[a-z-]+)+");

    private final OptionSpec spec;
    private final List<String> choices;

    ConfigOption(OptionSpec spec) {
        this.spec = spec;
        this.choices = List.copyOf(choices(spec));
    }

    private static List<String> choices(OptionSpec spec) {
        List<String> choices = new ArrayList<>();
        if (spec.arity().max() == 0) {
            choices.addAll(List.of("true", "false"));
        } else if (spec.completionCandidates() != null) {
            spec.completionCandidates().forEach(choices::add);
        } else if (CHOICES.matcher(spec.paramLabel()).matches()) {
            choices.addAll(List.of(spec.paramLabel().split("\\|", -1)));
        }
        return choices;
    }

    /** As in the file; the flag has two dashes before it. */
    public String name() {
        return spec.longestName().substring(2);
    }

    public String flag() {
        return spec.longestName();
    }

    /** The environment variable. */
    public String variable() {
        return VARIABLE_PREFIX + name().toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** What {@code --help} says, in one line. */
    public String description() {
        return String.join(" ", spec.description());
    }

    /** What the description names as the default; empty if there is none. */
    public String defaultText() {
        if (isSwitch()) {
            return "false";
        }
        Matcher matcher = DEFAULT.matcher(description());
        return matcher.find() ? matcher.group(1).strip() : "";
    }

    /** The default, if it is a value that could be written there as it is; null if it depends, or if there is none. */
    public @Nullable String literalDefault() {
        String text = defaultText();
        boolean literal = switch (kind()) {
            case COUNT -> text.matches("\\d+");
            case DURATION -> text.matches("\\d+(us|ms|s|m|h)");
            case SIZE -> text.matches("\\d+[kmgt]?");
            case CHOICE -> choices.contains(text);
            case LIST -> false;
            case TEXT -> text.matches("/\\S*|\\S+:\\d+");
        };
        return literal ? text : null;
    }

    /** Of what the values are that it takes. */
    public String label() {
        return isSwitch() ? "true|false" : spec.paramLabel();
    }

    /** For a sentence that ends with it. */
    public String allowed() {
        return kind() == Kind.CHOICE ? Kind.CHOICE.allowed + String.join(", ", choices) : kind().allowed;
    }

    /** Values to try out, such that at least one is allowed and not the default. */
    public List<String> samples() {
        return switch (kind()) {
            case COUNT -> List.of("1", "2", "64");
            case DURATION -> List.of("1s", "3s");
            case SIZE -> List.of("64k", "128k", "32m");
            case CHOICE -> choices;
            case LIST, TEXT -> List.of("/x", "x=y", "127.0.0.1:1");
        };
    }

    List<String> choices() {
        return choices;
    }

    /** Whether it stands alone on the command line. */
    boolean isSwitch() {
        return spec.arity().max() == 0;
    }

    Kind kind() {
        if (!choices.isEmpty()) {
            return Kind.CHOICE;
        }
        if (spec.isMultiValue() || !spec.splitRegex().isEmpty()) {
            return Kind.LIST;
        }
        Class<?> type = spec.type();
        if (type == Duration.class) {
            return Kind.DURATION;
        }
        if (type == Integer.class || type == int.class || type == Long.class || type == long.class) {
            return spec.paramLabel().equals(SIZE_LABEL) ? Kind.SIZE : Kind.COUNT;
        }
        return Kind.TEXT;
    }

    @Override
    public String toString() {
        return name();
    }
}
