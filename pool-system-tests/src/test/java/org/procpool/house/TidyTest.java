package org.procpool.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the formatter and the compiler let pass. Each failure lists every offender as {@code file:line}. */
class TidyTest {

    private static final int FILE_LINES_MAX = 500;
    private static final int METHOD_LINES_MAX = 70;
    private static final int LINE_CHARS_MAX = 120;

    private static final Pattern BANNED_NAME = Pattern.compile(".*(Impl|Manager|Util|Utils|Helper|Helpers)");
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TODO|FIXME|XXX|HACK)\\b");
    /** Put together here, so that this file does not find itself. */
    private static final Pattern MACHINE_PATH =
            Pattern.compile("(?<![\\w.$}/<-])/(" + "work|" + "root|" + "home)(/|\\b)(?!-)");

    /** Text files that are, or are to be, in the repository; by their path below its root. */
    private static final TreeMap<String, List<String>> FILES = new TreeMap<>();

    @BeforeAll
    static void read_files() throws IOException {
        try (Stream<Path> walk = Files.walk(House.ROOT)) {
            for (Path file : walk.filter(TidyTest::isSource).toList()) {
                FILES.put(House.ROOT.relativize(file).toString(), lines(file));
            }
        }
        assertThat(FILES).containsKey("pom.xml");
    }

    private static boolean isSource(Path file) {
        for (Path part : House.ROOT.relativize(file)) {
            String name = part.toString();
            if (name.equals("target") || name.equals(".git") || name.equals(".idea") || name.equals("__pycache__")) {
                return false;
            }
        }
        return Files.isRegularFile(file) && !file.toString().matches(".*\\.(class|jar|png|jpg|jsa|log|iml)");
    }

    private static List<String> lines(Path file) throws IOException {
        return List.of(Files.readString(file, StandardCharsets.UTF_8).split("\n", -1));
    }

    private static List<String> offenders(String pathPattern, BiConsumer<List<String>, Finder> check) {
        List<String> found = new ArrayList<>();
        FILES.forEach((path, lines) -> {
            if (path.matches(pathPattern)) {
                check.accept(lines, (line, what) -> found.add(path + ":" + line + " " + what));
            }
        });
        return found;
    }

    private interface Finder {
        void found(int line, String what);
    }

    private static List<String> linesMatching(String pathPattern, Pattern pattern) {
        return offenders(pathPattern, (lines, finder) -> {
            for (int i = 0; i < lines.size(); i++) {
                Matcher matcher = pattern.matcher(lines.get(i));
                if (matcher.find()) {
                    finder.found(i + 1, matcher.group());
                }
            }
        });
    }

    @Test
    void files_are_short_enough_to_be_read() {
        assertThat(offenders(".*\\.(java|proto|py|sh)|bin/.*", (lines, finder) -> {
                    if (lines.size() - 1 > FILE_LINES_MAX) {
                        finder.found(lines.size() - 1, "lines, the limit is " + FILE_LINES_MAX);
                    }
                }))
                .isEmpty();
    }

    @Test
    void methods_are_short_enough_to_be_understood() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<Path> sources = FILES.keySet().stream()
                .filter(path -> path.endsWith(".java"))
                .map(House.ROOT::resolve)
                .toList();
        List<String> found = new ArrayList<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new LongMethods(unit, positions, found).scan(unit, null);
            }
        }
        assertThat(found).isEmpty();
    }

    /** Collects methods that are too long, counted from the first line of their signature to their last brace. */
    private static final class LongMethods extends TreeScanner<Void, Void> {

        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<String> found;

        LongMethods(CompilationUnitTree unit, SourcePositions positions, List<String> found) {
            this.unit = unit;
            this.positions = positions;
            this.found = found;
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            long first = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, method));
            long end = positions.getEndPosition(unit, method);
            // An implied constructor has no end.
            long lines = end < 0 ? 1 : unit.getLineMap().getLineNumber(end) - first + 1;
            if (lines > METHOD_LINES_MAX) {
                found.add(unit.getSourceFile().getName() + ":" + first + " " + method.getName() + " has " + lines
                        + " lines, the limit is " + METHOD_LINES_MAX);
            }
            return super.visitMethod(method, nothing);
        }
    }

    @Test
    void lines_fit_the_page() {
        assertThat(offenders(".*\\.(java|proto|md|py|sh)|bin/.*|\\.ci/.*", (lines, finder) -> {
                    for (int i = 0; i < lines.size(); i++) {
                        String line = lines.get(i);
                        boolean unbreakable = line.startsWith("|") || line.contains("http");
                        if (line.codePointCount(0, line.length()) > LINE_CHARS_MAX && !unbreakable) {
                            finder.found(i + 1, line.length() + " characters, the limit is " + LINE_CHARS_MAX);
                        }
                    }
                }))
                .isEmpty();
    }

    @Test
    void no_line_has_a_tab_or_ends_with_a_space() {
        assertThat(linesMatching("(?!LICENSE).*", Pattern.compile("\t|[ \r]$"))).isEmpty();
    }

    @Test
    void files_end_with_one_line_end() {
        assertThat(offenders("(?!LICENSE).*", (lines, finder) -> {
                    int last = lines.size() - 1;
                    if (!lines.get(last).isEmpty()
                            || last > 0 && lines.get(last - 1).isEmpty()) {
                        finder.found(last + 1, "must be the end of the last line");
                    }
                }))
                .isEmpty();
    }

    @Test
    void each_page_of_documentation_has_one_title() {
        assertThat(offenders(".*\\.md", (lines, finder) -> {
                    boolean code = false;
                    int titles = 0;
                    for (String line : lines) {
                        code ^= line.startsWith("```");
                        titles += !code && line.startsWith("# ") ? 1 : 0;
                    }
                    if (titles != 1) {
                        finder.found(1, titles + " titles");
                    }
                }))
                .isEmpty();
    }

    @Test
    void nothing_is_marked_as_unfinished() {
        assertThat(linesMatching("(?!.*TidyTest).*", UNFINISHED)).isEmpty();
    }

    @Test
    void nothing_names_a_path_of_the_machine_it_was_written_on() {
        assertThat(linesMatching(".*", MACHINE_PATH)).isEmpty();
    }

    @Test
    void classes_have_names_that_say_what_they_are() {
        assertThat(House.mainClasses().stream()
                        .map(JavaClass::getSimpleName)
                        .filter(name -> BANNED_NAME.matcher(name).matches()))
                .isEmpty();
    }
}
