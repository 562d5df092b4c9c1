"""`postlint desk` under RATE requests a second for SECONDS_LONG seconds on this machine: each is answered, and alike."""

import concurrent.futures
import itertools
import json
import re
import socket
import statistics
import subprocess
import threading
import time

import soak

# Clients at once: enough for the rate even where an answer takes a quarter of a second.
CLIENTS = 64


def ask(port, request):
    """The status and the body of one answer, and how many seconds it took."""
    start = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=30) as stream:
        stream.sendall(request)
        pieces = iter(lambda: stream.recv(1 << 16), b"")
        head, _, body = b"".join(pieces).partition(b"\r\n\r\n")
    return int(head.split(b" ")[1]), body, time.monotonic() - start


def requests(port, token, texts):
    """Requests as a page makes them, and the status that each must have."""
    host = f"Host: 127.0.0.1:{port}\r\n"
    ours = f"{host}X-Postlint-Token: {token}\r\nOrigin: http://127.0.0.1:{port}\r\n"

    def post(path, body, headers=ours):
        return f"POST {path} HTTP/1.1\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body

    checks = [(200, post("/check", json.dumps({"text": text}).encode())) for text in texts]
    counts = [(200, post("/count", json.dumps({"text": text}).encode())) for text in texts[:20]]
    table = "Text\n" + "".join('"{}"\n'.format(text.replace('"', '""')) for text in texts[:20])
    others = [
        (200, f"GET /?token={token} HTTP/1.1\r\n{host}\r\n".encode()),
        (200, post("/open?name=a.csv", table.encode())),
        (200, post("/book", b"")),
        (422, post("/open?name=a.json", b"[")),
        (400, post("/check", b"{")),
        (404, post("/nothing", b"")),
        (403, post("/check", b"{}", host)),
        (403, b"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n"),
    ]
    return checks + counts + others


def main():
    seconds, rate = soak.number("SECONDS_LONG", 20), soak.number("RATE", 200)
    texts = [json.loads(line)["text"] for line in soak.posts()[:900:9]]
    program = subprocess.Popen(
        [soak.PROGRAM, "desk", "--no-open", "--no-config"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    port, token = re.search(r":(\d+)/\?token=(\w+)", program.stdout.readline()).groups()
    all_requests = requests(int(port), token, texts)
    lock, wrong, seen, times = threading.Lock(), [], {}, []

    def one(turn):
        number = turn % len(all_requests)
        want, request = all_requests[number]
        try:
            status, body, took = ask(int(port), request)
        except OSError as error:
            status, body, took = 0, str(error).encode(), 0
        with lock:
            times.append(took)
            if status != want:
                wrong.append(f"request {number} has status {status} instead of {want}: {body[:80]}")
            elif seen.setdefault(number, body) != body:
                wrong.append(f"request {number} has another answer than the first time")

    watch, start = soak.Watch(program.pid, every=0.2), time.monotonic()
    asked = []
    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as clients:
        for turn in itertools.count():
            due = start + turn / rate
            if due > start + seconds:
                break
            time.sleep(max(0, due - time.monotonic()))
            asked.append(clients.submit(one, turn))
    # What went wrong in a thread is told by nobody else.
    for future in asked:
        future.result()
    took = time.monotonic() - start
    memory, told = watch.end()
    program.kill()
    program.wait()
    times.sort()
    if len(times) / took < rate * 0.95:
        wrong.append(f"{len(times) / took:.0f} requests a second instead of {rate}")
    if len(seen) != len(all_requests):
        wrong.append(f"{len(seen)} of {len(all_requests)} kinds of request were answered as they must be")
    late = times[int(len(times) * 0.99)]
    told = (
        f"{len(times):,} requests in {took:.0f} s, {len(times) / took:.0f} a second, half of them within"
        f" {statistics.median(times) * 1000:.1f} ms, 99 of 100 within {late * 1000:.0f} ms; {told}"
    )
    soak.finish("desk", wrong[:5] + memory, told)


main()
