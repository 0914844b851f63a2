#!/usr/bin/env python3
"""Makes the recording and the pictures of docs/tour.md, in a real terminal, from what procpool really does.

Use:    docs/tour/record.py          (some 40 s; the machine should have nothing else to do)
Needs:  tmux, a built procpool
Writes: docs/tour/tour.cast          plays with asciinema
        docs/images/tour.svg         the same as a moving picture
        docs/images/top.svg          a still of procpool top
"""
import html
import json
import os
import pathlib
import re
import shlex
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
COLUMNS, ROWS = 92, 26
FRAME_SECONDS = 0.25
CELL_WIDTH, CELL_HEIGHT = 8.4, 17
BACKGROUND, FOREGROUND = "#16181d", "#d7dae0"
COLOURS = ["#3b4048", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#d7dae0"]
BRIGHT = ["#7d8590", "#ff7b86", "#b5e890", "#ffd98e", "#7cc4ff", "#dd97f0", "#76d7e3", "#ffffff"]
STYLE = re.compile(r"\x1b\[([0-9;]*)m")


class Terminal:
    """A tmux of its own, with a shell in it."""

    def __init__(self, directory, environment):
        self.socket = str(directory / "tmux")
        settings = directory / "tmux.conf"
        settings.write_text("set -g status off\nset -g default-terminal screen-256color\n")
        shell = ["env", *[f"{name}={value}" for name, value in environment.items()], "bash", "--norc", "--noprofile"]
        self.tell("-f", str(settings), "new-session", "-d", "-s", "tour", "-x", str(COLUMNS), "-y", str(ROWS),
                  shlex.join(shell))

    def tell(self, *words):
        return subprocess.run(["tmux", "-u", "-S", self.socket, *words], check=True, capture_output=True,
                              text=True).stdout

    def screen(self):
        lines = self.tell("capture-pane", "-e", "-p", "-t", "tour").split("\n")[:ROWS]
        return lines + [""] * (ROWS - len(lines))

    def press(self, *keys):
        self.tell("send-keys", "-t", "tour", *keys)

    def type(self, text):
        for character in text:
            # To tmux itself a semicolon ends a command.
            self.tell("send-keys", "-t", "tour", "-l", "\\;" if character == ";" else character)
            time.sleep(0.03)
        time.sleep(0.3)
        self.press("Enter")

    def shows(self, pattern, seconds=30):
        end = time.monotonic() + seconds
        while True:
            screen = plain("\n".join(self.screen()))
            found = re.search(pattern, screen, re.MULTILINE)
            if found:
                return found
            if time.monotonic() > end:
                raise SystemExit(f"record: the terminal does not show /{pattern}/ but\n{screen}")
            time.sleep(0.05)


class Recorder(threading.Thread):
    """Looks at the terminal four times a second and keeps what has changed."""

    def __init__(self, terminal):
        super().__init__(daemon=True)
        self.terminal = terminal
        self.frames = []
        self.ended = threading.Event()

    def run(self):
        begin = time.monotonic()
        while not self.ended.wait(FRAME_SECONDS):
            screen = self.terminal.screen()
            if not self.frames or self.frames[-1][1] != screen:
                self.frames.append((round(time.monotonic() - begin, 2), screen))


def plain(text):
    return STYLE.sub("", text)


def spans(line):
    """The line as (column, text, colour, bold, colour behind) for each piece in one style."""
    colour, bold, inverse = None, False, False
    column, at = 0, 0
    pieces = []
    for match in [*STYLE.finditer(line), None]:
        text = line[at:match.start() if match else len(line)]
        if text:
            front, behind = (BACKGROUND, colour or FOREGROUND) if inverse else (colour or FOREGROUND, None)
            pieces.append((column, text, front, bold, behind))
            column += len(text)
        if match is None:
            return pieces
        at = match.end()
        codes = [int(code or 0) for code in match.group(1).split(";")]
        while codes:
            code = codes.pop(0)
            if code == 0:
                colour, bold, inverse = None, False, False
            elif code == 1:
                bold = True
            elif code == 22:
                bold = False
            elif code in (7, 27):
                inverse = code == 7
            elif 30 <= code <= 37:
                colour = COLOURS[code - 30]
            elif 90 <= code <= 97:
                colour = BRIGHT[code - 90]
            elif code == 38 and codes[:1] == [5]:
                number = codes[1]
                codes = codes[2:]
                colour = (COLOURS + BRIGHT)[number] if number < 16 else FOREGROUND
            elif code == 39:
                colour = None


def drawn(screen):
    """One screen as SVG elements."""
    parts = []
    for row, line in enumerate(screen):
        y = 44 + row * CELL_HEIGHT
        for column, text, colour, bold, behind in spans(line):
            x, width = 14 + column * CELL_WIDTH, len(text) * CELL_WIDTH
            if behind:
                parts.append(f'<rect x="{x:.1f}" y="{y - 13}" width="{width:.1f}" height="{CELL_HEIGHT}" fill="{behind}"/>')
            weight = ' font-weight="700"' if bold else ""
            # What draws it may make one blank of many, so each word is put in its place.
            for word in re.finditer(r"\S+", text):
                parts.append(f'<text x="{x + word.start() * CELL_WIDTH:.1f}" y="{y}" fill="{colour}"{weight} '
                             f'textLength="{len(word.group()) * CELL_WIDTH:.1f}">{html.escape(word.group())}</text>')
    return "".join(parts)


def svg(body, style, title):
    width, height = COLUMNS * CELL_WIDTH + 28, ROWS * CELL_HEIGHT + 46
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
            f'role="img" aria-label="{title}"><title>{title}</title><style>text{{font:14px ui-monospace,"DejaVu Sans Mono",'
            f'Menlo,Consolas,monospace;white-space:pre}}{style}</style>'
            f'<rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>'
            '<circle cx="18" cy="15" r="5" fill="#e06c75"/><circle cx="34" cy="15" r="5" fill="#e5c07b"/>'
            f'<circle cx="50" cy="15" r="5" fill="#98c379"/>{body}</svg>\n')


def moving(frames):
    """All screens over each other, each shown for its while, by CSS alone."""
    total = frames[-1][0] + 3
    style, body = [], []
    for number, (begin, screen) in enumerate(frames):
        end = frames[number + 1][0] if number + 1 < len(frames) else total
        style.append(f"@keyframes f{number}{{0%,{100 * begin / total:.2f}%{{visibility:hidden}}"
                     f"{100 * begin / total + 0.001:.3f}%,{100 * end / total:.2f}%{{visibility:visible}}"
                     f"{min(100, 100 * end / total + 0.001):.3f}%,100%{{visibility:hidden}}}}"
                     f"#f{number}{{visibility:hidden;animation:f{number} {total:.1f}s step-end infinite}}")
        body.append(f'<g id="f{number}">{drawn(screen)}</g>')
    return svg("".join(body), "".join(style), "procpool in a terminal: tasks, a crash, its report, procpool top")


def cast(frames):
    head = {"version": 2, "width": COLUMNS, "height": ROWS, "title": "procpool"}
    lines = [json.dumps(head)]
    for at, screen in frames:
        text = "\x1b[H\x1b[2J" + "\r\n".join(line + "\x1b[0m" for line in screen)
        lines.append(json.dumps([at, "o", text], ensure_ascii=False))
    return "\n".join(lines) + "\n"


def serve(directory, environment):
    """The service of the tour, with the samples and those that misbehave; its process and its addresses."""
    log = directory / "log"
    process = subprocess.Popen(
        [str(ROOT / "bin/procpool"), "serve", "--workers", "4", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0",
         "--run-dir", str(directory / "run"), "--providers",
         "org.procpool.samples.SampleHandlers,org.procpool.samples.MisbehavingHandlers"],
        env={**os.environ, **environment}, stdout=log.open("w"), stderr=subprocess.STDOUT)
    for _ in range(600):
        ready = re.search(r"ready: clients (\S+), admin http://(\S+),", log.read_text())
        if ready:
            return process, ready.group(1), ready.group(2)
        time.sleep(0.1)
    raise SystemExit("record: the service does not start:\n" + log.read_text())


def scenes(terminal, background):
    """What somebody types; gives the still of procpool top."""
    terminal.type("procpool submit fib --text 35; echo")
    terminal.shows(r"^9227465")
    time.sleep(1.5)
    terminal.type("procpool submit segv                 # native code that writes where it must not")
    terminal.shows(r"SIGABRT|signal 6")
    time.sleep(2.5)
    terminal.type("procpool workers --dead | head -9   # and what is known of that worker")
    terminal.shows(r"was running task")
    time.sleep(3)
    background("bench", "--window", "200", "--seconds", "60")
    for _ in range(2):
        background("submit", "sleep", "--text", "60s")
    terminal.type("procpool top")
    terminal.shows(r"procpool +. running")
    time.sleep(7)
    # As the kernel does when memory is short.
    victim = terminal.shows(r"^ w\d+\.\d+ +(\d+) +busy .*echo")
    subprocess.run(["kill", "-9", victim.group(1)], check=True)
    terminal.shows(r"CRASHED +signal 9")
    time.sleep(3)
    terminal.press("Down")
    time.sleep(0.5)
    terminal.press("Down")
    time.sleep(1.5)
    still = terminal.screen()
    terminal.press("s", "s")
    time.sleep(2)
    terminal.press("d")
    terminal.shows(r"left: CRASHED")
    time.sleep(3)
    terminal.press("Escape")
    time.sleep(1)
    terminal.press("q")
    time.sleep(0.5)
    terminal.type("procpool drain")
    terminal.shows(r"drains")
    time.sleep(1)
    return still


def main():
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        environment = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "XDG_RUNTIME_DIR": name}
        service, clients, admin = serve(directory, environment)
        environment |= {"PROCPOOL_SERVER": clients, "PROCPOOL_ADMIN": admin, "PS1": "$ ",
                        "PATH": f"{ROOT / 'bin'}:{os.environ['PATH']}"}
        # The CLI looks for the token where services of this user keep it.
        (directory / "procpool").symlink_to(directory / "run")
        terminal = Terminal(directory, environment)
        helpers = []

        def background(*words):
            if words[0] == "bench":
                words += ("--server", clients)
            helpers.append(subprocess.Popen([str(ROOT / "bin/procpool"), *words], env={**os.environ, **environment},
                                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

        try:
            terminal.press("clear", "Enter")
            time.sleep(0.5)
            recorder = Recorder(terminal)
            recorder.start()
            still = scenes(terminal, background)
            recorder.ended.set()
            recorder.join()
        finally:
            terminal.tell("kill-server")
            for helper in [*helpers, service]:
                helper.terminate()
                helper.wait()
    (ROOT / "docs/images").mkdir(exist_ok=True)
    (ROOT / "docs/tour/tour.cast").write_text(cast(recorder.frames))
    (ROOT / "docs/images/tour.svg").write_text(moving(recorder.frames))
    (ROOT / "docs/images/top.svg").write_text(svg(drawn(still), "", "procpool top: rates, workers, the last deaths"))
    print(f"{len(recorder.frames)} frames in {recorder.frames[-1][0]:.0f} s")


if __name__ == "__main__":
    main()
