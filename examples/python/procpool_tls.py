"""TLS, a token and a certificate for procpool_client.py. Python 3.9+, standard library only.

As a command:  python3 procpool_tls.py HOST:PORT TASK < payload    with PROCPOOL_TLS_CA, and as needed
               PROCPOOL_TLS_CERT, PROCPOOL_TLS_KEY and PROCPOOL_TOKEN_FILE, which are files, as for procpool
As a module:   Client("host:7420", token="...", connect=tls("ca.pem")).submit("echo", b"hi").result().payload
"""
import io, os, select, socket, ssl, sys, threading
from procpool_client import Client

def tls(ca, cert=None, key=None):  # what to give to Client as connect; the service must have the name that is asked for
    context = ssl.create_default_context(cafile=ca)
    if cert:
        context.load_cert_chain(cert, key)
    def connect(address, timeout):
        connection = socket.create_connection(address, timeout)
        return Stream(context.wrap_socket(connection, server_hostname=address[0]), timeout)
    return connect

class Stream(io.RawIOBase):  # one thread reads while others write, which OpenSSL does not allow within one connection
    def __init__(self, connection, timeout):
        self.connection, self.timeout, self.turn = connection, timeout, threading.Lock()
        connection.setblocking(False)

    def readable(self):
        return True

    def makefile(self, mode, size):
        return io.BufferedReader(self, size)

    def settimeout(self, timeout):
        self.timeout = timeout

    def readinto(self, buffer):
        return self._once_ready(lambda: self.connection.recv_into(buffer))

    def sendall(self, message):
        while message:
            message = message[self._once_ready(lambda: self.connection.send(message)):]

    def _once_ready(self, act):
        while True:
            try:
                with self.turn:
                    return act()
            except ssl.SSLWantReadError:
                ready = select.select([self.connection], [], [], self.timeout)
            except ssl.SSLWantWriteError:
                ready = select.select([], [self.connection], [], self.timeout)
            if ready == ([], [], []):
                raise TimeoutError("the service does not answer")

if __name__ == "__main__":
    try:
        token, ca, cert, key = (os.environ.get("PROCPOOL_" + n) for n in "TOKEN_FILE TLS_CA TLS_CERT TLS_KEY".split())
        client = Client(sys.argv[1], token=open(token).read().strip() if token else "", connect=tls(ca, cert, key))
        result = client.submit(sys.argv[2], sys.stdin.buffer.read()).result()
    except (OSError, ValueError) as e:
        sys.exit(print(f"no procpool service at {sys.argv[1]}: {e}", file=sys.stderr) or 6)
    except IndexError:
        sys.exit(print(__doc__, file=sys.stderr) or 2)
    sys.stdout.buffer.write(result.payload)
    sys.exit(result.error and print(result.outcome, result.error, file=sys.stderr) or result.code)
