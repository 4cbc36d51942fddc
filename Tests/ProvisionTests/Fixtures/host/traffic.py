"""Both ends of the firewall tests, in network namespaces: a server on every port, and those who knock.

    serve FILE          answers on all ports; makes FILE when it is ready
    knock               probes as JSON on standard input; prints those that were answered
    echo ADDRESS COUNT  echo requests as fast as it goes; prints how many were answered within a second
    hold NETWORK RULES  one probe; prints whether its connection outlives the loading of rules in a network
"""

import json
import selectors
import socket
import struct
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

PORTS = {"tcp": [22, 80, 443, 445, 514, 502, 8081, 9999], "udp": [123, 514, 5353, 9999]}
TYPES = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}
PATIENCE = 0.7


def family(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def listener(kind, version, port):
    server = socket.socket(version, TYPES[kind])
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if version == socket.AF_INET6:
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    server.bind(("::" if version == socket.AF_INET6 else "0.0.0.0", port))
    if kind == "tcp":
        server.listen(256)
    server.setblocking(False)
    return server


def serve(ready):
    poll = selectors.DefaultSelector()
    for kind, ports in PORTS.items():
        for port in ports:
            for version in (socket.AF_INET, socket.AF_INET6):
                poll.register(listener(kind, version, port), selectors.EVENT_READ, kind)
    open(ready, "w").close()
    while True:
        for key, _ in poll.select():
            if key.data == "udp":
                content, caller = key.fileobj.recvfrom(2048)
                # From the address that was called: the unit has one of each family.
                key.fileobj.sendto(content, caller)
            elif key.data == "tcp":
                poll.register(key.fileobj.accept()[0], selectors.EVENT_READ, "connection")
            else:
                try:
                    content = key.fileobj.recv(2048)
                except OSError:
                    content = b""
                if content:
                    key.fileobj.sendall(content)
                else:
                    poll.unregister(key.fileobj)
                    key.fileobj.close()


def connect(probe):
    client = socket.socket(family(probe["to"]), TYPES[probe["kind"]])
    client.settimeout(PATIENCE)
    client.bind((probe["from"], 0))
    client.connect((probe["to"], probe["port"]))
    return client


def is_answered(probe):
    try:
        with connect(probe) as client:
            # A refusal would be an answer, too: what is dropped is silent.
            client.send(b"knock")
            return client.recv(16) == b"knock"
    except OSError:
        return False


def knock():
    probes = json.load(sys.stdin)
    with ThreadPoolExecutor(64) as pool:
        print(json.dumps([probe for probe, yes in zip(probes, pool.map(is_answered, probes)) if yes]))


def checksum(content):
    total = sum(struct.unpack(f"!{len(content) // 2}H", content))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def echo(address, count):
    is6 = ":" in address
    protocol = socket.getprotobyname("ipv6-icmp") if is6 else socket.IPPROTO_ICMP
    client = socket.socket(family(address), socket.SOCK_RAW, protocol)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
    request, reply = (128, 129) if is6 else (8, 0)
    for number in range(count):
        packet = struct.pack("!BBHHH", request, 0, 0, 4711, number)
        client.sendto(struct.pack("!BBHHH", request, 0, checksum(packet), 4711, number), (address, 0))
    answered = set()
    end = time.monotonic() + 1
    while (left := end - time.monotonic()) > 0:
        client.settimeout(left)
        try:
            content, (caller, *_) = client.recvfrom(2048)
        except socket.timeout:
            break
        message = content if is6 else content[20:]
        if caller == address and message[0] == reply:
            answered.add(message[6:8])
    print(len(answered))


def hold(network, rules):
    with connect(json.load(sys.stdin)) as client:
        client.send(b"before")
        client.recv(16)
        subprocess.run(["ip", "netns", "exec", network, "nft", "-f", rules], check=True)
        client.send(b"after")
        print("true" if client.recv(16) == b"after" else "false")


if __name__ == "__main__":
    commands = {"serve": serve, "knock": knock, "echo": lambda a, n: echo(a, int(n)), "hold": hold}
    commands[sys.argv[1]](*sys.argv[2:])
