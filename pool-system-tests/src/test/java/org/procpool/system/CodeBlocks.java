package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** What the documentation tells people to type. */
final class CodeBlocks {

    private static final String FENCE = "```";

    private CodeBlocks() {}

    /** The code blocks of a document, in their order. */
    static List<CodeBlock> of(String file) throws IOException {
        List<CodeBlock> blocks = new ArrayList<>();
        String section = "";
        String language = "";
        StringBuilder block = null;
        for (String line : Files.readAllLines(Cli.ROOT.resolve(file))) {
            if (line.startsWith(FENCE)) {
                if (block == null) {
                    block = new StringBuilder();
                    language = line.substring(FENCE.length());
                } else {
                    blocks.add(new CodeBlock(section, language, block.toString()));
                    block = null;
                }
            } else if (block != null) {
                block.append(line).append('\n');
            } else if (line.startsWith("#")) {
                section = line.replaceFirst("#+ ", "");
            }
        }
        return blocks;
    }

    /** The texts of a section's code blocks, in their order. */
    static List<String> of(String file, String section) throws IOException {
        List<String> texts = new ArrayList<>();
        for (CodeBlock block : of(file)) {
            if (block.section().equals(section)) {
                texts.add(block.text());
            }
        }
        assertThat(texts).as("code blocks under '%s' in %s", section, file).isNotEmpty();
        return texts;
    }
}
