package org.procpool.cli.top;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.ControlChar;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;

/**
 * The terminal while the view has it: a screen of its own, keys as they are pressed. Closing gives it back as it was,
 * and may be done by any thread, more than once; all else is the drawing thread's.
 */
final class TopScreen implements AutoCloseable {

    /** Kept, since the JDK forgets the level of a logger that nobody has. */
    private static final Logger JLINE = Logger.getLogger("org.jline");

    private static final int COLUMNS = 80;
    private static final int ROWS = 24;

    private final Terminal terminal;
    private final Display display;
    private final Attributes before;
    private final Thread atExit = new Thread(this::restore, "procpool-top-restore");
    private Size size = new Size(COLUMNS, ROWS);
    private boolean closed;

    private TopScreen(Terminal terminal) {
        this.terminal = terminal;
        this.display = new Display(terminal, true);
        this.before = terminal.getAttributes();
    }

    /**
     * Takes the terminal.
     *
     * @param interrupted called at Ctrl-C, on a thread of the system's
     * @param resized called when the terminal has another size, likewise
     */
    static TopScreen open(Runnable interrupted, Runnable resized) throws IOException {
        // What it cannot load it does without, as where nothing in the temporary directory may be executed.
        JLINE.setLevel(Level.OFF);
        Terminal terminal = TerminalBuilder.builder()
                .name("procpool top")
                .system(true)
                .dumb(false)
                .encoding(StandardCharsets.UTF_8)
                .build();
        TopScreen screen = new TopScreen(terminal);
        // However the process ends, short of a kill -9.
        Runtime.getRuntime().addShutdownHook(screen.atExit);
        terminal.handle(Terminal.Signal.INT, signal -> interrupted.run());
        terminal.handle(Terminal.Signal.WINCH, signal -> resized.run());
        screen.begin();
        return screen;
    }

    private void begin() {
        terminal.enterRawMode();
        Attributes raw = terminal.getAttributes();
        // Whoever stopped it would be left with its screen.
        raw.setControlChar(ControlChar.VSUSP, 0);
        terminal.setAttributes(raw);
        terminal.puts(Capability.enter_ca_mode);
        terminal.puts(Capability.keypad_xmit);
        terminal.puts(Capability.cursor_invisible);
        terminal.flush();
        resize();
    }

    /** Takes over the terminal's size and draws all of it the next time. */
    void resize() {
        Size now = terminal.getSize();
        // Some say 0 when they do not know.
        size = new Size(now.getColumns() > 0 ? now.getColumns() : COLUMNS, now.getRows() > 0 ? now.getRows() : ROWS);
        display.clear();
        display.resize(size.getRows(), size.getColumns());
    }

    int width() {
        return size.getColumns();
    }

    int height() {
        return size.getRows();
    }

    NonBlockingReader keys() {
        return terminal.reader();
    }

    void draw(List<AttributedString> lines) {
        // The cursor is hidden, and rests in the corner for terminals that show it all the same.
        display.update(lines, size.cursorPos(size.getRows() - 1, 0));
    }

    private synchronized void restore() {
        if (closed) {
            return;
        }
        closed = true;
        terminal.puts(Capability.cursor_normal);
        terminal.puts(Capability.keypad_local);
        terminal.puts(Capability.exit_ca_mode);
        terminal.flush();
        terminal.setAttributes(before);
    }

    @Override
    public void close() throws IOException {
        restore();
        Runtime.getRuntime().removeShutdownHook(atExit);
        terminal.close();
    }
}
