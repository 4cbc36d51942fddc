#!/usr/bin/env python3
"""Floods a unit with syslog, and plain rsyslog beside it, and prints a Markdown table of ratios.

    Benchmarks/logs.py --picli PATH [--lines 500000] [--output docs/performance-logs.md]

The peer is rsyslogd writing the same lines to a file with its own main queue, as Debian sets it up. Both run at nice -10, as
the package has it. All of it is on loopback; the flood ends after so many lines.
"""

import argparse
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

import process

RSYSLOGD = "/usr/sbin/rsyslogd"
SITE = "site: { name: Flood }\nlogs: { rate: 100000 }\nnetwork: { router: { address: 127.0.0.2 } }\n"
PLAIN = """
module(load="imudp")
module(load="imtcp")
input(type="imudp" port="{port}" address="127.0.0.1")
input(type="imtcp" port="{port}" address="127.0.0.1")
*.* -{folder}/plain.log
"""
LINE = "<134>Nov 28 21:12:00 router flood[7]: line {number:07d} "
LENGTH = 150


def free_port() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


def line(number: int) -> bytes:
    return LINE.format(number=number).encode().ljust(LENGTH, b"x")


def send_udp(port: int, count: int, rate: float) -> float:
    """Answers how many lines a second were really sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.bind(("127.0.0.2", 0))
        client.connect(("127.0.0.1", port))
        start = time.monotonic()
        for number in range(count):
            client.send(line(number))
            if number % 100 == 99:
                time.sleep(max(0, start + number / rate - time.monotonic()))
        return count / (time.monotonic() - start)


def send_tcp(port: int, count: int) -> float:
    with socket.socket() as client:
        client.bind(("127.0.0.2", 0))
        client.connect(("127.0.0.1", port))
        blocks = [b"".join(line(number) + b"\n" for number in range(first, min(first + 1000, count)))
                  for first in range(0, count, 1000)]
        start = time.monotonic()
        for block in blocks:
            client.sendall(block)
        return count / (time.monotonic() - start)


def start_rsyslogd(folder: pathlib.Path, text: str, port: int) -> subprocess.Popen:
    configuration = folder / "rsyslog.conf"
    configuration.write_text(f'global(workDirectory="{folder}")\n{text}')
    server = subprocess.Popen(
        [RSYSLOGD, "-n", "-f", configuration, "-i", folder / "pid"], stdout=subprocess.DEVNULL,
        preexec_fn=lambda: os.nice(-10))
    wait_for_port(port)
    return server


def wait_for_port(port: int) -> None:
    """What another program does cannot be awaited: asked until it listens."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            time.sleep(0.05)
    sys.exit(f"nobody listens on port {port}")


def stop(*servers: subprocess.Popen) -> None:
    for server in servers:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def wait_for(count: int, measure, patience: float = 120) -> float:
    """Waits until so many lines are there, or no more come; answers the seconds until the last one came."""
    start = last = time.monotonic()
    seen = -1
    while time.monotonic() - start < patience:
        now = measure()
        if now != seen:
            seen, last = now, time.monotonic()
        if now >= count or time.monotonic() - last > 10:
            break
        time.sleep(0.2)
    return last - start


class Unit:
    """picli and its rsyslogd."""

    def __init__(self, binary: str, folder: pathlib.Path, text: str = SITE, arguments: tuple[str, ...] = ()):
        self.state = folder / "state"
        self.port, self.web = free_port(), free_port()
        site = folder / "site.yaml"
        site.write_text(text)
        root = folder / "root"
        (root / "usr/sbin").mkdir(parents=True)
        (root / "etc").mkdir()
        (root / "usr/sbin/rsyslogd").touch()
        subprocess.run([binary, "host", "apply", "--site", site, "--root", root], check=True, capture_output=True)
        spool = pathlib.Path(tempfile.mkdtemp(dir="/dev/shm"))
        self.spool = spool
        (self.state).mkdir()
        (self.state / "log-spool").symlink_to(spool)
        rules = (root / "run/picli/rsyslog.conf").read_text()
        rules = rules.replace('port="514"', f'port="{self.port}" address="127.0.0.1"').replace(
            "/run/picli-logs", str(spool))
        self.picli = subprocess.Popen(
            [binary, "serve", "--site", site, "--state", self.state, "--listen", f"127.0.0.1:{self.web}"]
            + list(arguments),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.rsyslogd = start_rsyslogd(folder, rules, self.port)
        wait_for_port(self.web)

    def stored(self) -> int:
        """Lines that a search finds; asking makes the unit store what waits."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.web}/api/v1/logs/sources", timeout=120) as answer:
            return json.load(answer)["sources"][0]["lines"]

    def stop(self) -> None:
        stop(self.rsyslogd, self.picli)
        subprocess.run(["rm", "-rf", self.spool], check=True)


def measure_unit(binary: str, count: int, send) -> dict:
    with tempfile.TemporaryDirectory() as name:
        unit = Unit(binary, pathlib.Path(name))
        pids = (unit.rsyslogd.pid, unit.picli.pid)
        before = [process.cpu_seconds(pid) for pid in pids]
        written = process.written_bytes(unit.picli.pid)
        rate = send(unit.port)
        seconds = wait_for(count, unit.stored)
        result = {
            "rate": rate, "lost": count - unit.stored(), "searchable": seconds,
            "receiver": process.cpu_seconds(pids[0]) - before[0], "store": process.cpu_seconds(pids[1]) - before[1],
            "written": process.written_bytes(unit.picli.pid) - written, "memory": process.pss_bytes(pids[1])["pss"]}
        unit.stop()
        return result


def measure_plain(count: int, send) -> dict:
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        port = free_port()
        server = start_rsyslogd(folder, PLAIN.format(port=port, folder=folder), port)
        before, written = process.cpu_seconds(server.pid), process.written_bytes(server.pid)
        rate = send(port)
        log = folder / "plain.log"

        def lines() -> int:
            return log.read_bytes().count(b"flood[7]") if log.exists() else 0

        seconds = wait_for(count, lines)
        result = {
            "rate": rate, "lost": count - lines(), "searchable": seconds,
            "receiver": process.cpu_seconds(server.pid) - before, "store": 0,
            "written": process.written_bytes(server.pid) - written, "memory": process.pss_bytes(server.pid)["pss"]}
        stop(server)
        return result


def rows(title: str, count: int, unit: dict, plain: dict) -> list[str]:
    def row(what: str, mine: float, other: float, form: str) -> str:
        ratio = f"{mine / other:.2f}" if other else "–"
        return f"| {title}: {what} | {form.format(mine)} | {form.format(other)} | {ratio} |"

    micro = 1e6 / count
    return [
        row("lines a second, sent", unit["rate"], plain["rate"], "{:,.0f}"),
        row("lost", unit["lost"], plain["lost"], "{:,.0f}"),
        row("seconds from the last line sent to the last one there", unit["searchable"], plain["searchable"], "{:.1f}"),
        row("processor time of rsyslogd, µs a line", unit["receiver"] * micro, plain["receiver"] * micro, "{:.1f}"),
        row("processor time in all, µs a line", (unit["receiver"] + unit["store"]) * micro,
            plain["receiver"] * micro, "{:.1f}"),
        row("bytes written to the disk a line", unit["written"] / count, plain["written"] / count, "{:.0f}"),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--picli", required=True)
    parser.add_argument("--lines", type=int, default=500_000)
    parser.add_argument("--output", type=pathlib.Path)
    options = parser.parse_args()
    count = options.lines
    floods = {
        "UDP": lambda port: send_udp(port, count, 20_000),
        "TCP": lambda port: send_tcp(port, count),
    }
    table = [
        f"{count:,} lines of {LENGTH} bytes each, from one sender. plain: rsyslogd to a file on the disk, not searchable.", "",
        "| | picli | plain | ratio |", "|---|--:|--:|--:|"]
    for title, send in floods.items():
        table += rows(title, count, measure_unit(options.picli, count, send), measure_plain(count, send))
    text = "\n".join(table) + "\n"
    print(text)
    if options.output:
        options.output.write_text(text)


if __name__ == "__main__":
    main()
