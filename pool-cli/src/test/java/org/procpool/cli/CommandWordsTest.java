package org.procpool.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CommandWordsTest {

    @Test
    void spaces_part_words_but_not_within_quotes() {
        assertThat(CommandWords.split("  tr  a-z 'A - Z' ", "x")).containsExactly("tr", "a-z", "A - Z");
        assertThat(CommandWords.split("sh -c \"echo 'a b'\"", "x")).containsExactly("sh", "-c", "echo 'a b'");
        assertThat(CommandWords.split("a'b c'd ''", "x")).containsExactly("ab cd", "");
    }

    @Test
    void backslash_takes_the_next_character_but_not_within_single_quotes() {
        assertThat(CommandWords.split("a\\ b \"\\\"\" '\\'", "x")).containsExactly("a b", "\"", "\\");
    }

    @Test
    void nothing_means_anything_to_a_shell() {
        assertThat(CommandWords.split("echo $HOME | cat > x; rm *", "x"))
                .containsExactly("echo", "$HOME", "|", "cat", ">", "x;", "rm", "*");
    }

    @Test
    void open_quote_is_refused() {
        assertThatThrownBy(() -> CommandWords.split("echo 'a", "the command"))
                .hasMessage("the command has a quote ' that is not closed");
    }
}
