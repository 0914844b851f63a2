package org.procpool.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a command that was given as one text into its words: at spaces, except within quotes of either kind. A
 * backslash takes the next character as it is, but not within single quotes. Nothing else has a meaning, as there is no
 * shell.
 */
final class CommandWords {

    private CommandWords() {}

    /**
     * The words.
     *
     * @param what the text is, for the message
     * @throws IllegalArgumentException with a sentence for people if a quote is not closed
     */
    static List<String> split(String text, String what) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quote != '\'' && i + 1 < text.length()) {
                i++;
                word.append(text.charAt(i));
                inWord = true;
            } else if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '\'' || c == '"') {
                quote = c;
                inWord = true;
            } else if (!Character.isWhitespace(c)) {
                word.append(c);
                inWord = true;
            } else if (inWord) {
                words.add(word.toString());
                word.setLength(0);
                inWord = false;
            }
        }
        if (quote != 0) {
            throw new IllegalArgumentException(what + " has a quote " + quote + " that is not closed");
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }
}
