package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.procpool.system.CodeBlock.Typed;

/** A document, followed section by section. A code block that nobody knows how to follow is a failure. */
final class Document {

    /** Does what a section says. */
    interface Follower {
        void follow(Section section) throws Exception;
    }

    /** Something that is done. */
    interface Step {
        void run() throws Exception;
    }

    /** The code blocks of a section that have not been followed yet. */
    static final class Section {

        private final String place;
        private final List<Step> atTheEnd;
        private final Deque<CodeBlock> blocks = new ArrayDeque<>();

        private Section(String place, List<Step> atTheEnd) {
            this.place = place;
            this.atTheEnd = atTheEnd;
        }

        /** Does something that takes its time when all other sections have been followed. */
        void atTheEnd(Step step) {
            atTheEnd.add(step);
        }

        /** The next block, whatever it is. */
        CodeBlock next() {
            assertThat(blocks).as("code blocks that are left in %s", place).isNotEmpty();
            return blocks.remove();
        }

        /** The next block, which only shows something. */
        String shown() {
            CodeBlock block = next();
            assertThat(block.isTyped())
                    .as("typed in %s:\n%s", place, block.text())
                    .isFalse();
            return block.text();
        }

        /**
         * Passes over a block that cannot be run here, if its commands are in what runs them instead.
         *
         * @param runs by the command as it is documented, what to find
         */
        void excuse(String reason, String script, Map<String, String> runs) throws Exception {
            CodeBlock block = next();
            assertThat(block.commands().stream().map(Typed::command))
                    .as("commands in %s that are not run here (%s)", place, reason)
                    .containsExactlyInAnyOrderElementsOf(runs.keySet());
            assertThat(Files.readString(Cli.ROOT.resolve(script)))
                    .as("%s runs the commands of %s, since here they are not: %s", script, place, reason)
                    .contains(runs.values());
        }
    }

    private Document() {}

    /**
     * Follows all sections that have code blocks, in the order of the document.
     *
     * @param followers by the titles of the sections
     */
    static void follow(String file, Map<String, Follower> followers) throws Exception {
        List<Step> atTheEnd = new ArrayList<>();
        Map<String, Section> sections = new LinkedHashMap<>();
        for (CodeBlock block : CodeBlocks.of(file)) {
            sections.computeIfAbsent(block.section(), title -> new Section(file + ", '" + title + "'", atTheEnd))
                    .blocks
                    .add(block);
        }
        assertThat(followers.keySet())
                .as("sections of %s with code blocks, and those that this test knows how to follow", file)
                .containsExactlyInAnyOrderElementsOf(sections.keySet());
        for (Map.Entry<String, Section> section : sections.entrySet()) {
            followers.get(section.getKey()).follow(section.getValue());
            assertThat(section.getValue().blocks)
                    .as("code blocks that nobody has followed in %s", section.getValue().place)
                    .isEmpty();
        }
        for (Step step : atTheEnd) {
            step.run();
        }
    }
}
