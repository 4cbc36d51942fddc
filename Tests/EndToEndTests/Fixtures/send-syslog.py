"""Sends numbered lines to a syslog server over TCP, and says which of them it cannot vouch for.

    send-syslog.py SOURCE PORT COUNT RATE

Plain syslog has no acknowledgement: when the connection breaks, what the kernel had taken and the server had not read
is lost without a word. So after each chunk it waits until the server's receive queue is empty; a chunk that was under
way when the connection broke is printed as `in flight FIRST LAST` and not sent again.
"""

import socket
import sys
import time

CHUNK = 50


def unread(local, remote):
    """Bytes that the server's kernel holds and the server has not read (proc_net(5), rx_queue)."""
    wanted = (f"{remote[1]:04X}", f"{local[1]:04X}")
    with open("/proc/net/tcp") as table:
        for line in table.readlines()[1:]:
            fields = line.split()
            if (fields[1].split(":")[1], fields[2].split(":")[1]) == wanted:
                return int(fields[4].split(":")[1], 16)
    raise ConnectionResetError


def connect(source, port):
    while True:
        server = socket.socket()
        server.bind((source, 0))
        try:
            server.connect(("127.0.0.1", port))
            return server
        except OSError:
            server.close()
            time.sleep(0.05)


def send(server, port, first, last):
    text = "".join(f"<134>Nov 28 21:12:00 host flood: line {number} end\n" for number in range(first, last + 1))
    server.sendall(text.encode())
    end = time.monotonic() + 20
    while unread(server.getsockname(), ("127.0.0.1", port)) > 0:
        if time.monotonic() > end:
            raise TimeoutError("the server does not read")
        time.sleep(0.001)
    # What was read is written at once, by the same thread.
    time.sleep(0.005)
    # Raises when the server has closed meanwhile.
    server.setblocking(False)
    try:
        if server.recv(1) == b"":
            raise ConnectionResetError
    except BlockingIOError:
        pass
    finally:
        server.setblocking(True)


def main(source, port, count, rate):
    start = time.monotonic()
    server = connect(source, port)
    for first in range(0, count, CHUNK):
        last = min(first + CHUNK, count) - 1
        try:
            send(server, port, first, last)
        except OSError:
            print(f"in flight {first} {last}", flush=True)
            server.close()
            server = connect(source, port)
        time.sleep(max(0, start + (last + 1) / rate - time.monotonic()))


main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
