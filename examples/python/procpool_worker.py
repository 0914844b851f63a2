"""A worker of the procpool service, written from docs/protocol.md alone. Python 3.9+, standard library only.

As a command:  procpool serve --worker-command 'python3 examples/python/procpool_worker.py'    echo, reverse, sleep
As a module:   procpool_worker.serve({"name": function})    bytes in, bytes out; what a function raises is a failed task
"""
import os, signal, socket, sys, threading, time, traceback
from procpool_client import data, fields, number, read, read_varint, varint


class Cancelled(BaseException):
    """Raised in a function whose task was cancelled or ran past its limit."""


class Connection:
    def __init__(self, path, hello):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.input = self.socket.makefile("rb", 1 << 16)
        self.send(1, hello)

    def send(self, kind, body=b""):
        self.socket.sendall(varint(len(data(kind, body))) + data(kind, body))

    def read(self):
        ((kind, body),) = fields(read(self.input, read_varint(self.input))).items()
        return kind, fields(body)


class Worker:
    def __init__(self, functions, settings):
        self.functions, self.running, self.cancelled = functions, None, None
        hello = number(1, 1) + number(2, os.getpid()) + data(3, bytes.fromhex(settings["token"]))
        names = b"".join(data(5, name.encode()) for name in functions)
        self.control = Connection(settings["socket"], hello + number(4, 1))
        self.data = Connection(settings["socket"], hello + number(4, 0) + names)
        signal.signal(signal.SIGUSR1, self._interrupt)
        threading.Thread(target=self._listen, daemon=True).start()

    def _interrupt(self, _signal, _frame):  # in the main thread, amid whatever it is doing
        if self.running is not None and self.cancelled == self.running:
            self.cancelled = None
            raise Cancelled("the task was told to stop")

    def _listen(self):  # never waits for a function: that it answers says that the process is alive
        try:
            while True:
                kind, message = self.control.read()
                if kind == 3:
                    self.cancelled = message[1]
                    signal.pthread_kill(threading.main_thread().ident, signal.SIGUSR1)
                elif kind == 4:
                    self.control.send(5, number(1, message.get(1, 0)))
                elif kind == 6:
                    frame = sys._current_frames()[threading.main_thread().ident]
                    self.control.send(7, data(1, "".join(traceback.format_stack(frame)).encode()[-60_000:]))
        finally:
            os._exit(4)  # the supervisor is gone

    def serve(self):
        kind, welcome = self.data.read()
        self.data.send(2)
        while True:
            kind, message = self.data.read()
            if kind == 5:
                return
            dispatch = number(1, message[1])
            self.data.send(8, dispatch)
            start = time.monotonic_ns()
            answer = self._run(message, welcome.get(2, 0))
            self.data.send(3, dispatch + number(3, time.monotonic_ns() - start) + answer)

    def _run(self, message, payload_bytes_max):
        try:
            self.running = message[1]
            result = self.functions[message[4].decode()](message.get(15, b""))
            self.running = None
            if len(result) > payload_bytes_max:
                raise ValueError(f"the result has {len(result)} bytes, the limit is {payload_bytes_max}")
            return data(15, result)
        except (Exception, Cancelled) as e:
            self.running = None
            stack = traceback.format_exc().encode()[-16_000:]
            return number(2, 1) + data(5, type(e).__name__.encode()) + data(6, str(e).encode()[:4_000]) + data(7, stack)


def serve(functions):
    """Serves tasks of those names until the supervisor has had enough of this process."""
    sys.stdout.reconfigure(line_buffering=True)
    settings = dict(line.rstrip("\n").split("=", 1) for line in iter(sys.stdin.readline, "\n"))
    if os.getppid() == int(settings["parentPid"]):
        Worker(functions, settings).serve()


def sleep(payload):
    time.sleep(float(payload))
    return payload


if __name__ == "__main__":
    serve({"echo": lambda payload: payload, "reverse": lambda payload: payload[::-1], "sleep": sleep})
