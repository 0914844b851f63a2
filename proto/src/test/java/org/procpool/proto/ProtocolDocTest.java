package org.procpool.proto;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The bytes in docs/protocol.md are those that the codec writes. */
class ProtocolDocTest {

    private static final Pattern BLOCK = Pattern.compile("```hex\n(.*?)```", Pattern.DOTALL);

    @Test
    void shows_a_conversation_whose_bytes_are_those_of_the_codec() throws IOException {
        List<Frame> conversation = List.of(
                ClientHelloFrame.of("demo", OnDisconnect.CANCEL_QUEUED),
                new ServerWelcomeFrame(1, "procpool", 16_384, 64 << 20, 64 << 20, List.of("echo")),
                new SubmitFrame(1, "echo", SubmitFrame.PRIORITY_DEFAULT, 0, 0, 1, false, Payload.of("hi")),
                new AcceptedFrame(1, 4711, 0),
                new ResultFrame(1, 4711, OutcomeKind.SUCCEEDED, 2, 31_337, 1, 50, 80, null, Payload.of("hi")));
        List<byte[]> shown = blocks();
        assertThat(shown).hasSameSizeAs(conversation);
        for (int i = 0; i < shown.size(); i++) {
            assertThat(shown.get(i)).as("%s", conversation.get(i)).containsExactly(Bytes.ofFrame(conversation.get(i)));
        }
    }

    @Test
    void shows_the_task_id_as_people_see_it() throws IOException {
        assertThat(text()).contains("(4711 is `" + TaskId.format(4711) + "`)");
    }

    private static List<byte[]> blocks() throws IOException {
        List<byte[]> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text());
        while (matcher.find()) {
            StringBuilder hex = new StringBuilder();
            matcher.group(1).lines().forEach(line -> hex.append(line, 0, line.indexOf('|')));
            blocks.add(HexFormat.of().parseHex(hex.toString().replace(" ", "")));
        }
        return blocks;
    }

    private static String text() throws IOException {
        return Files.readString(Path.of("..", "docs", "protocol.md"));
    }
}
