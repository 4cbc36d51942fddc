"""What one process costs, read from /proc (proc(5))."""

import os
import time

NANOSECOND = 1e-9  # the unit of schedstat


def pss_bytes(pid: int) -> dict[str, int]:
    """Proportional set size, in bytes, split as the kernel splits it."""
    wanted = {"Pss": "pss", "Pss_Anon": "anonymous", "Pss_File": "file", "Rss": "rss"}
    found = {}
    with open(f"/proc/{pid}/smaps_rollup") as rollup:
        for line in rollup:
            key, _, rest = line.partition(":")
            if key in wanted:
                found[wanted[key]] = int(rest.split()[0]) * 1024
    return found


def cpu_seconds(pid: int) -> float:
    """Processor time of all threads that are alive, to the nanosecond (stat(5) only counts ticks of 10 ms)."""
    total = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{thread}/schedstat") as stat:
                total += int(stat.read().split()[0])
        except FileNotFoundError:
            continue
    return total * NANOSECOND


def wakeups(pid: int) -> int:
    """Voluntary context switches of all threads."""
    total = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{thread}/status") as status:
                for line in status:
                    if line.startswith("voluntary_ctxt_switches"):
                        total += int(line.split()[1])
        except FileNotFoundError:
            continue
    return total


def written_bytes(pid: int) -> int:
    """Bytes handed to write(2) and its kin (wchar): what a card sees, before the file system's own overhead."""
    with open(f"/proc/{pid}/io") as io:
        for line in io:
            if line.startswith("wchar"):
                return int(line.split()[1])
    return 0


def idle(pids: dict[str, int], seconds: float) -> dict[str, dict[str, float]]:
    """Watches several processes over the same seconds."""
    before = {name: (cpu_seconds(pid), wakeups(pid), written_bytes(pid)) for name, pid in pids.items()}
    start = time.monotonic()
    time.sleep(seconds)
    span = time.monotonic() - start
    result = {}
    for name, pid in pids.items():
        cpu, switches, written = before[name]
        result[name] = {
            **pss_bytes(pid),
            "cpu_percent": 100 * (cpu_seconds(pid) - cpu) / span,
            "wakeups_per_second": (wakeups(pid) - switches) / span,
            "written_per_second": (written_bytes(pid) - written) / span,
        }
    return result
