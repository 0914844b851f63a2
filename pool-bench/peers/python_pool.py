"""ProcessPoolExecutor: N processes reverse bytes, a window of tasks is kept out; prints tasks a second.

usage: python3 python_pool.py WORKERS WINDOW BYTES SECONDS
"""

import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor

WARMUP_SECONDS = 2


def reverse(payload):
    return payload[::-1]


def main():
    workers, window, size = (int(value) for value in sys.argv[1:4])
    seconds = float(sys.argv[4])
    payload = (b"abcdefghijklmnopqrstuvwxyz" * (size // 26 + 1))[:size]
    room = threading.Semaphore(window)
    done = 0

    def answered(future):
        nonlocal done
        if future.result() != payload[::-1]:
            raise AssertionError("a result is wrong")
        done += 1
        room.release()

    with ProcessPoolExecutor(max_workers=workers) as pool:
        start = time.perf_counter()
        begin = before = None
        while True:
            room.acquire()
            pool.submit(reverse, payload).add_done_callback(answered)
            now = time.perf_counter()
            if begin is None and now - start >= WARMUP_SECONDS:
                begin, before = now, done
            if begin is not None and now - begin >= seconds:
                print(round((done - before) / (now - begin)))
                return


if __name__ == "__main__":
    main()
