package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** What the documentation tells people to type. */
final class CodeBlocks {

    private CodeBlocks() {}

    /** The code blocks of a section, in their order. */
    static List<String> of(String file, String title) throws IOException {
        List<String> blocks = new ArrayList<>();
        StringBuilder block = null;
        boolean inSection = false;
        for (String line : Files.readAllLines(Cli.ROOT.resolve(file))) {
            if (block == null && line.startsWith("## ")) {
                inSection = line.equals("## " + title);
            } else if (inSection && line.startsWith("```")) {
                if (block == null) {
                    block = new StringBuilder();
                } else {
                    blocks.add(block.toString());
                    block = null;
                }
            } else if (block != null) {
                block.append(line).append('\n');
            }
        }
        assertThat(blocks).as("code blocks under '%s' in %s", title, file).isNotEmpty();
        return blocks;
    }
}
