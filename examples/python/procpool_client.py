"""A client of the procpool service, written from docs/protocol.md alone. Python 3.9+, standard library only.

As a command:  python3 procpool_client.py HOST:PORT TASK < payload    prints the result; exit code by outcome
As a module:   Client("127.0.0.1:7420").submit("echo", b"hi").result().payload    thread-safe; OSError if it is gone
"""
import concurrent.futures, io, itertools, socket, sys, threading, types
LIMITS = dict(ttl_millis=4, run_timeout_millis=5, max_attempts=6, retry_on_failure=10, retry_backoff_millis=11)
OUTCOMES = "UNKNOWN SUCCEEDED FAILED TIMED_OUT EXPIRED WORKER_LOST CANCELLED REJECTED".split()
EXIT_CODES = [7, 0, 1, 3, 3, 4, 5, 5]  # by number of the outcome

def varint(value):
    return bytes([value]) if value < 128 else bytes([value & 127 | 128]) + varint(value >> 7)
def number(field, value):
    return varint(field << 3) + varint(value)
def data(field, value):
    return varint(field << 3 | 2) + varint(len(value)) + value
def read(source, count):
    part = source.read(count)
    if len(part) < count:
        raise ConnectionError("the service closed the connection")
    return part
def read_varint(source):
    byte = read(source, 1)[0]
    return byte if byte < 128 else byte & 127 | read_varint(source) << 7
def fields(message):  # as {number: value}; of a field that comes twice the last counts
    found, source = {}, io.BytesIO(message)
    while source.tell() < len(message):
        tag = read_varint(source)
        value = read_varint(source) if tag & 7 in (0, 2) else {1: 8, 5: 4}[tag & 7]
        found[tag >> 3] = value if tag & 7 == 0 else read(source, value)
    return found

class Client:
    def __init__(self, address, timeout=5, token="", connect=socket.create_connection):  # TLS: procpool_tls.py
        host, port = address.rsplit(":", 1)
        self.socket = connect((host.strip("[]"), int(port)), timeout)
        self.input, self.lock = self.socket.makefile("rb", 1 << 16), threading.Lock()
        self.tasks, self.correlations, self.lost = {}, itertools.count(1), None
        self._send(1, b"\x0dPPL1" + number(2, 1) + data(3, token.encode()) + data(4, b"python"))
        self.window = threading.Semaphore(max(1, self._read(1)[3] - 1))  # one below, so that a Cancel is always read
        self.socket.settimeout(None)
        threading.Thread(target=self._read_all, daemon=True).start()

    def submit(self, task, payload, priority=4, key="", **limits):  # as in LIMITS
        """A future of outcome, payload, error, autopsy; its .accepted is one of the id. Waits at a full window."""
        how = number(3, priority) + b"".join(number(LIMITS[name], value) for name, value in limits.items())
        self.window.acquire()
        future, future.accepted = (concurrent.futures.Future() for _ in range(2))
        self.tasks[correlation := next(self.correlations)] = future
        self._send(2, number(1, correlation) + data(2, task.encode()) + how + data(8, key.encode()) + data(15, payload))
        return future

    def cancel(self, task_id):
        self._send(3, number(1, 1 << 63) + number(2, task_id))

    def _send(self, kind, body):
        if self.lost:
            raise self.lost
        with self.lock:
            self.socket.sendall(varint(len(data(kind, body))) + data(kind, body))

    def _read(self, *kinds):
        while True:
            ((kind, body),) = fields(read(self.input, read_varint(self.input))).items()
            if kind == 8:
                raise ConnectionError(b": ".join(fields(body).values()).decode())
            if kind in kinds:
                return {**fields(body), 0: kind}

    def _read_all(self):
        try:
            while True:
                message = self._read(2, 3)
                if message[0] == 3:
                    self._end(self.tasks.pop(message[1]), message.get(3, 0), message)
                else:
                    for i in range(message.get(3, 0) + 1):
                        self.tasks[message[1] + i].accepted.set_result(message[2] + i)
        except (OSError, ValueError, LookupError) as e:
            self.lost = ConnectionError(f"connection lost: {e}")
            for future in list(self.tasks.values()):
                self._end(future, 0, {9: data(2, str(self.lost).encode())})

    def _end(self, future, outcome, message):
        future.accepted.cancel()  # does nothing if it is done
        error = fields(message.get(9, b""))
        future.set_result(types.SimpleNamespace(
            outcome=OUTCOMES[outcome], code=EXIT_CODES[outcome], payload=message.get(15, b""),
            error=b": ".join(list(error.values())[:2]).decode(), autopsy=error.get(5, b"").decode()))
        self.window.release()

if __name__ == "__main__":
    try:
        result = Client(sys.argv[1]).submit(sys.argv[2], sys.stdin.buffer.read()).result()
    except (OSError, ValueError) as e:
        sys.exit(print(f"no procpool service at {sys.argv[1]}: {e}", file=sys.stderr) or 6)
    except IndexError:
        sys.exit(print(__doc__, file=sys.stderr) or 2)
    sys.stdout.buffer.write(result.payload)
    sys.exit(result.error and print(result.outcome, result.error, file=sys.stderr) or result.code)
