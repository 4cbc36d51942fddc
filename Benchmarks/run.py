#!/usr/bin/env python3
"""Measures picli beside its peers in one run and prints a Markdown table of ratios.

    Benchmarks/run.py --picli PATH --store-benchmark PATH [--seconds 60] [--output docs/performance-table.md]

Everything runs on loopback; every process it starts is stopped by pid.
"""

import argparse
import contextlib
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import process

HERE = pathlib.Path(__file__).resolve().parent
EXPORTER = "prometheus-node-exporter"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running(arguments: list[str], log: pathlib.Path):
    with open(log, "wb") as output:
        child = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    try:
        yield child
    finally:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def wait_for(port: int, path: str, log: pathlib.Path, timeout: float = 20) -> float:
    """Seconds until the first answer 200."""
    start = time.monotonic()
    while time.monotonic() - start < timeout:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return time.monotonic() - start
        except OSError:
            pass
        time.sleep(0.005)
    sys.exit(f"nothing answered on port {port} within {timeout} s:\n{log.read_text(errors='replace')}")


def scrape_cost(port: int, pid: int, count: int) -> tuple[float, float, int]:
    """Processor seconds and wall seconds per scrape over one connection, and the size of one answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    size = 0
    cpu, start = process.cpu_seconds(pid), time.monotonic()
    for _ in range(count):
        connection.request("GET", "/metrics")
        size = len(connection.getresponse().read())
    return (process.cpu_seconds(pid) - cpu) / count, (time.monotonic() - start) / count, size


def first_stored(picli: str, site: pathlib.Path, folder: pathlib.Path) -> tuple[float, float]:
    """Seconds from start to the first answer, and to the first reading that is in the file."""
    state, port, log = folder / "start", free_port(), folder / "start.log"
    start = time.monotonic()
    arguments = [picli, "serve", "--simulate", "--site", str(site), "--state", str(state)]
    with running([*arguments, "--listen", f"127.0.0.1:{port}"], log):
        answered = wait_for(port, "/healthz", log)
        while time.monotonic() - start < 20:
            found = subprocess.run(
                ["sqlite3", f"file:{state}/history.sqlite?mode=ro", "select count(*) from block"],
                capture_output=True, text=True)
            if found.stdout.strip() not in ("", "0"):
                return answered, time.monotonic() - start
            time.sleep(0.02)
    sys.exit("no reading was stored within 20 s")


def megabytes(value: float) -> str:
    return f"{value / 1e6:.1f} MB"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--picli", required=True)
    parser.add_argument("--store-benchmark", required=True)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--output", type=pathlib.Path)
    options = parser.parse_args()
    if shutil.which(EXPORTER) is None:
        sys.exit(f"{EXPORTER} is missing: run `make setup-bench`")

    rows: list[tuple[str, str, str, str, str]] = []

    def row(what: str, ours: str, peer: str, ratio: float | None, target: str) -> None:
        rows.append((what, ours, peer, "–" if ratio is None else f"{ratio:.2f}", target))

    with tempfile.TemporaryDirectory(prefix="picli-bench-") as name:
        folder, site = pathlib.Path(name), HERE / "sixteen.yaml"
        answered, stored = first_stored(options.picli, site, folder)

        port, peer_port = free_port(), free_port()
        log, peer_log = folder / "serve.log", folder / "exporter.log"
        arguments = [options.picli, "serve", "--simulate", "--site", str(site), "--state", str(folder / "state")]
        with running([*arguments, "--listen", f"127.0.0.1:{port}"], log) as ours, running(
            [EXPORTER, f"--web.listen-address=127.0.0.1:{peer_port}"], peer_log
        ) as exporter:
            wait_for(port, "/healthz", log)
            wait_for(peer_port, "/metrics", peer_log)
            time.sleep(10)
            idle = process.idle({"picli": ours.pid, "peer": exporter.pid}, options.seconds)
            scrape = scrape_cost(port, ours.pid, 2000)
            peer_scrape = scrape_cost(peer_port, exporter.pid, 200)

        mine, other = idle["picli"], idle["peer"]
        row("idle memory (PSS), 16 channels at 1 Hz", megabytes(mine["pss"]), megabytes(other["pss"]),
            mine["pss"] / other["pss"], "≤ 25 MB")
        row("… of it anonymous", megabytes(mine["anonymous"]), megabytes(other["anonymous"]),
            mine["anonymous"] / other["anonymous"], "")
        row("idle processor", f"{mine['cpu_percent']:.2f} %", f"{other['cpu_percent']:.2f} %", None, "≤ 1 %")
        row("wake-ups per second", f"{mine['wakeups_per_second']:.0f}", f"{other['wakeups_per_second']:.0f}", None, "")
        row("written while idle", f"{mine['written_per_second']:.0f} B/s", "–", None, "≤ 100 MB a day")
        row("processor per scrape", f"{scrape[0] * 1e6:.0f} µs", f"{peer_scrape[0] * 1e6:.0f} µs",
            scrape[0] / peer_scrape[0], "≤ 50 µs")
        row("processor per scraped kB", f"{scrape[0] * 1e9 / scrape[2]:.1f} µs",
            f"{peer_scrape[0] * 1e9 / peer_scrape[2]:.1f} µs",
            (scrape[0] / scrape[2]) / (peer_scrape[0] / peer_scrape[2]), "")
        row("start to first answer", f"{answered * 1000:.0f} ms", "–", None, "")
        row("start to first stored reading", f"{stored * 1000:.0f} ms", "–", None, "≤ 3 s")

        figures = subprocess.run([options.store_benchmark, name], capture_output=True, text=True, check=True)
        for line in figures.stdout.splitlines():
            figure = json.loads(line)
            row(figure["what"], figure["ours"], figure["peer"], figure.get("ratio"), figure["target"])

        stripped = folder / "picli.stripped"
        subprocess.run(["strip", "-o", stripped, options.picli], check=True)
        size, peer_size = os.path.getsize(stripped), os.path.getsize(shutil.which(EXPORTER))
        row("binary, stripped", megabytes(size), megabytes(peer_size), size / peer_size, "")

    table = "| figure | picli | peer | ratio | target |\n|---|---|---|---|---|\n"
    table += "".join(f"| {' | '.join(cells)} |\n" for cells in rows)
    print(table, end="")
    if options.output:
        options.output.write_text(table)


if __name__ == "__main__":
    main()
