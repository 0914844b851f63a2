package org.procpool.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * The files that a pattern names.
 *
 * @param base the directories before the first wildcard
 * @param files sorted; all below the base
 */
record FileGlob(Path base, List<Path> files) {

    private static final String WILDCARDS = "*?[{";

    /**
     * Looks for them.
     *
     * @throws CliException if there are none, or the pattern makes no sense
     */
    static FileGlob find(String pattern) {
        int wildcard = 0;
        while (wildcard < pattern.length() && WILDCARDS.indexOf(pattern.charAt(wildcard)) < 0) {
            wildcard++;
        }
        int slash = pattern.lastIndexOf('/', wildcard);
        Path base = Path.of(slash < 0 ? "" : pattern.substring(0, Math.max(slash, 1)));
        String rest = pattern.substring(slash + 1);
        int depth = rest.contains("**")
                ? Integer.MAX_VALUE
                : (int) rest.chars().filter(c -> c == '/').count() + 1;
        List<Path> files = match(pattern, base, rest, depth);
        if (files.isEmpty()) {
            throw CliException.usage("no file matches '" + pattern + "'");
        }
        return new FileGlob(base, files);
    }

    private static List<Path> match(String pattern, Path base, String rest, int depth) {
        if (!Files.isDirectory(base)) {
            return List.of();
        }
        try (Stream<Path> found = Files.walk(base, depth)) {
            PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + rest);
            return found.filter(Files::isRegularFile)
                    .filter(file -> matcher.matches(base.relativize(file)))
                    .sorted()
                    .toList();
        } catch (PatternSyntaxException e) {
            throw CliException.usage("'" + pattern + "' is not a pattern: " + e.getDescription());
        } catch (UncheckedIOException e) {
            throw unsearchable(pattern, new IOException(e.getMessage(), e));
        } catch (IOException e) {
            throw unsearchable(pattern, e);
        }
    }

    private static CliException unsearchable(String pattern, IOException e) {
        return new CliException(ExitCode.FAILED, "cannot look for '" + pattern + "': " + FileErrors.why(e), e);
    }
}
