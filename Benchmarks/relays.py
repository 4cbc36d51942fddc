#!/usr/bin/env python3
"""Measures how long a rule takes to switch a relay, and how long pulses are, at rest and under load.

    Benchmarks/relays.py --picli PATH [--seconds 60] [--output docs/performance-relays.md]

Eight inputs of a simulated unit tick every 8 s, and a rule of a relay of its own follows each; meanwhile a program asks for
pulses. A switching is measured from the moment at which the reading is stamped to that at which the owner of the lines
says that it was done, to the millisecond, in the unit's own journal: the note on the disk that goes before it is in it.
How long the disk itself takes to sync as much, in the same minute, stands beside it; and the same once more with the
unit's files in memory: what is left then is ours, whatever the disk.
The load is a flood of log lines through rsyslogd, and people who sign in with wrong passwords from 200 addresses. What
makes it runs below the unit's priority: at a site these are other machines.
"""

import argparse
import datetime
import http.client
import json
import os
import pathlib
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request

import logs

COUNT = 8
PULSE = 0.5


def site() -> str:
    inputs = "".join(f"  - {{ id: meter-{n}, line: GPIO{n + 4} }}\n" for n in range(COUNT))
    relays = "".join(
        f"  - {{ id: relay-{n}, line: GPIO{n + 16}, rules: [{{ when: meter-{n} on, set: on }}] }}\n"
        for n in range(COUNT))
    return (logs.SITE + "inputs:\n" + inputs + "relays:\n" + relays
            + "  - { id: pulsed, line: GPIO24 }\n")


def ask(unit: logs.Unit, path: str) -> dict:
    with urllib.request.urlopen(f"http://127.0.0.1:{unit.web}{path}", timeout=60) as answer:
        return json.load(answer)


def moment(text: str) -> float:
    """Unix seconds of a time of the API."""
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def switchings(unit: logs.Unit) -> list[float]:
    """Milliseconds from the reading to the switching, of each change of a rule."""
    delays = []
    for number in range(COUNT):
        series = ask(unit, f"/api/v1/series?metric=input.state@meter-{number}&step=raw&from=-1h&limit=50000")["series"]
        times = [point[0] for point in series[0]["points"]] if series else []
        events = ask(unit, f"/api/v1/relays/relay-{number}/history?limit=1000")["events"]
        for event in events:
            if event["code"] != "relay.switched" or event["values"].get("kind") != "rule":
                continue
            done = round(moment(event["time"]) * 1000)
            before = [time for time in times if time <= done]
            if before:
                delays.append(done - max(before))
    return delays


def pulses(unit: logs.Unit) -> list[float]:
    """By how many milliseconds each pulse was longer than it was asked for."""
    events = ask(unit, "/api/v1/relays/pulsed/history?limit=1000")["events"]
    times = sorted((moment(event["time"]), event["values"]["state"]) for event in events
                   if event["code"] == "relay.switched")
    return [abs((end - start - PULSE) * 1000)
            for (start, first), (end, second) in zip(times, times[1:]) if (first, second) == ("on", "off")]


def pulse(binary: str, unit: logs.Unit, until: float) -> None:
    while time.monotonic() < until:
        subprocess.run([binary, "relay", "pulse", "pulsed", str(PULSE), "--to", "on", "--state", unit.state],
                       check=True, stdout=subprocess.DEVNULL)
        time.sleep(PULSE + 0.3)


def sync(folder: pathlib.Path, until: float, taken: list[float]) -> None:
    """Appends as much as the note of a change takes, and syncs it, every 0.7 s; the milliseconds of each go to `taken`."""
    with open(folder / "synced", "ab", buffering=0) as file:
        while time.monotonic() < until:
            begin = time.monotonic()
            file.write(b"x" * 2048)
            os.fdatasync(file.fileno())
            taken.append((time.monotonic() - begin) * 1000)
            # Now and then, as changes come: no event is waited for.
            time.sleep(0.7)


def yield_to_unit() -> None:
    """Puts this thread behind the unit's (setpriority(2), which takes threads on Linux)."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


def flood(unit: logs.Unit, until: float) -> None:
    yield_to_unit()
    while time.monotonic() < until:
        logs.send_udp(unit.port, 5_000, 5_000)


def storm(port: int, until: float) -> None:
    """Signs in with wrong passwords, from one address of loopback after the other."""
    yield_to_unit()
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    body = urllib.parse.urlencode({"name": "anna", "password": "not hers at all"})
    number = 0
    while time.monotonic() < until:
        number = number % 200 + 1
        try:
            connection = http.client.HTTPSConnection(
                "127.0.0.1", port, timeout=20, context=context, source_address=(f"127.0.1.{number}", 0))
            connection.request("POST", "/sign-in", body, {"Content-Type": "application/x-www-form-urlencoded"})
            connection.getresponse().read()
            connection.close()
        except OSError:
            time.sleep(0.05)


def measure(binary: str, seconds: float, under_load: bool, place: str | None) -> dict:
    with tempfile.TemporaryDirectory(dir=place) as name:
        folder = pathlib.Path(name)
        secure = logs.free_port()
        unit = logs.Unit(binary, folder, site(), ("--simulate", "--listen", f"https://127.0.0.1:{secure}"))
        password = folder / "password"
        password.write_text("four words of hers")
        subprocess.run([binary, "user", "add", "anna", "--role", "admin", "--password-file", password, "--state",
                        unit.state], check=True, stdout=subprocess.DEVNULL)
        end = time.monotonic() + seconds
        synced: list[float] = []
        work = [threading.Thread(target=pulse, args=(binary, unit, end)),
                threading.Thread(target=sync, args=(folder, end, synced))]
        if under_load:
            work.append(threading.Thread(target=flood, args=(unit, end)))
            work += [threading.Thread(target=storm, args=(secure, end)) for _ in range(8)]
        for thread in work:
            thread.start()
        for thread in work:
            thread.join()
        # The last pulse ends, and what is under way comes into the journal.
        time.sleep(3)
        result = {"switching": switchings(unit), "pulse": pulses(unit), "sync": synced}
        unit.stop()
        return result


def row(what: str, values: list[float]) -> str:
    values = sorted(values)
    if not values:
        sys.exit(f"nothing was measured: {what}")
    part = lambda share: values[min(len(values) - 1, int(len(values) * share))]
    return f"| {what} | {len(values)} | {part(0.5):.0f} | {part(0.99):.0f} | {values[-1]:.0f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--picli", required=True)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--output", type=pathlib.Path)
    options = parser.parse_args()
    table = ["| milliseconds | count | median | 99 of 100 within | most |", "|---|--:|--:|--:|--:|"]
    for title, under_load, place in [
            ("at rest", False, None), ("under load", True, None), ("under load, in memory", True, "/dev/shm")]:
        result = measure(options.picli, options.seconds, under_load, place)
        table.append(row(f"reading to switched, {title}", result["switching"]))
        table.append(row(f"pulse of {PULSE} s, off by, {title}", result["pulse"]))
        if place is None:
            table.append(row(f"the disk's own sync, {title}", result["sync"]))
    text = "\n".join(table) + "\n"
    print(text, end="")
    if options.output:
        options.output.write_text(text)


if __name__ == "__main__":
    main()
