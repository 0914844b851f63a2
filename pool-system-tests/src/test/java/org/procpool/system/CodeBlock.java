package org.procpool.system;

import java.util.ArrayList;
import java.util.List;

/**
 * A code block of a document.
 *
 * @param section the heading above it
 * @param language as the document says, or empty
 */
record CodeBlock(String section, String language, String text) {

    private static final String PROMPT = "$ ";

    /**
     * What somebody types, and what comes of it.
     *
     * @param answer empty if the document does not say
     */
    record Typed(String command, String answer) {}

    /** Whether the block tells somebody to type something; else it only shows something. */
    boolean isTyped() {
        return language.equals("sh") || text.startsWith(PROMPT);
    }

    /** The commands, each in one line and without a comment behind it. */
    List<Typed> commands() {
        List<Typed> commands = new ArrayList<>();
        for (String line : text.replace("\\\n", " ").split("\n")) {
            boolean command = language.equals("sh") || line.startsWith(PROMPT);
            if (command) {
                String words = line.startsWith(PROMPT) ? line.substring(PROMPT.length()) : line;
                commands.add(new Typed(words.replaceFirst("\\s+# .*", ""), ""));
            } else {
                Typed last = commands.remove(commands.size() - 1);
                commands.add(new Typed(last.command(), last.answer() + line + "\n"));
            }
        }
        return commands;
    }
}
