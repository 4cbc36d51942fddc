#!/usr/bin/env python3
"""Builds an image with picli, and a plain root of the same packages with mmdebstrap, and prints a Markdown table.

    Benchmarks/image.py --picli PATH --package DEB [--arch amd64] [--rounds 2] [--release] [--output docs/performance-image.md]

Each round begins with nothing: every package is fetched by both. mmdebstrap ends with a tar of a root file system; picli goes on
to a partitioned card with its papers. What picli keeps is used by the last two: another site file, and another package of picli.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

SITES = ["site: { name: First }\n", "site: { name: Second }\n"]
# Of the image alone: what leaves things out of the root, or puts ours into it.
OURS = ("--dpkgopt=", "--essential-hook=")


def run(arguments: list[str], **options) -> str:
    done = subprocess.run(arguments, stdin=subprocess.DEVNULL, capture_output=True, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(arguments[:4])} …: exit {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return done.stdout


def timed(work):
    """The seconds that it takes, and its answer."""
    start = time.monotonic()
    answer = work()
    return time.monotonic() - start, answer


def plain_command(plan: str, target: str) -> list[str]:
    """The command of a plan that makes the root, without what is picli's own."""
    line = next((line for line in plan.splitlines() if '["mmdebstrap", ' in line), None)
    if line is None:
        sys.exit("the plan has no mmdebstrap")
    words = json.loads(line[line.index('["mmdebstrap", '):])
    words = [word for word in words if not word.startswith(OURS)]
    place = next(index for index, word in enumerate(words) if word.endswith("/root.tar"))
    return words[:place] + [target] + words[place + 1:]


class Builder:
    """`picli image build` with all but the cache, the package and the site."""

    def __init__(self, options: argparse.Namespace, top: pathlib.Path) -> None:
        self.options, self.top = options, top

    def __call__(self, cache: pathlib.Path, package: pathlib.Path, site: pathlib.Path, *more: str) -> str:
        command = [
            self.options.picli, "image", "build", "--arch", self.options.arch, "--recipe", str(self.options.recipe),
            "--package", str(package), "--output", str(self.top / "out"), "--site", str(site), *more]
        return run(command, env=os.environ | {"PICLI_CACHE": str(cache)})


def changed_package(package: pathlib.Path, folder: pathlib.Path) -> pathlib.Path:
    """The same package with another file in it, as after a change of the program."""
    tree, other = folder / "tree", folder / "changed.deb"
    run(["dpkg-deb", "--raw-extract", str(package), str(tree)])
    with open(tree / "usr/share/doc/picli/copyright", "a") as file:
        file.write("Comment: changed\n")
    run(["dpkg-deb", "--root-owner-group", "--build", str(tree), str(other)])
    return other


def size(path: pathlib.Path) -> str:
    status = path.stat()
    taken, whole = status.st_blocks * 512, status.st_size
    return f"{taken / 1e6:.0f} MB" if taken >= whole else f"{taken / 1e6:.0f} MB of {whole / 1e6:.0f} MB"


def measure(options: argparse.Namespace, top: pathlib.Path) -> str:
    sites = [top / "first.yaml", top / "second.yaml"]
    for path, text in zip(sites, SITES):
        path.write_text(text)
    build = Builder(options, top)
    best: dict[str, float] = {}
    sizes: dict[str, str] = {}
    digests: list[str] = []

    def note(what: str, seconds: float, path: pathlib.Path) -> None:
        best[what] = min(seconds, best.get(what, seconds))
        sizes[what] = size(path)

    plain = "plain `mmdebstrap`, the same packages, a tar"
    whole = "`picli image build`, nothing kept: a card with its papers"
    cache = top / "cache"
    # By turns, so that a slow minute of the machine, or of the mirror, is everybody's.
    for turn in range(options.rounds):
        tar = top / "plain.tar"
        plan = build(top / f"plan-{turn}", options.package, sites[0], "--dry-run")
        seconds, _ = timed(lambda: run(plain_command(plan, str(tar)), env=os.environ | {"SOURCE_DATE_EPOCH": "1767225600"}))
        note(plain, seconds, tar)
        shutil.rmtree(cache, ignore_errors=True)
        seconds, said = timed(lambda: build(cache, options.package, sites[0], "--json"))
        answer = json.loads(said)
        image = pathlib.Path(answer["image"])
        digests.append(answer["sha256"])
        note(whole, seconds, image)
        for step in answer["steps"]:
            note(f"– of that, the step `{step['id']}`", step["seconds"], image)
            sizes.pop(f"– of that, the step `{step['id']}`")
    seconds, said = timed(lambda: build(cache, options.package, sites[1], "--json"))
    note("the same with another site file", seconds, image)
    other = changed_package(options.package, top)
    seconds, said = timed(lambda: build(cache, other, sites[1], "--json"))
    note("the same with another package of picli", seconds, image)
    if options.release:
        seconds, said = timed(lambda: build(cache, other, sites[1], "--json", "--release", "https://example.org/images"))
        note("the same, compressed for those who fetch it", seconds, pathlib.Path(f"{image}.xz"))

    table = f"| {options.arch}, best of {options.rounds} | time | mmdebstrap = 1 | size on disk |\n|---|---|---|---|\n"
    for what, seconds in best.items():
        table += f"| {what} | {seconds:.1f} s | {seconds / best[plain]:.2f} | {sizes.get(what, '')} |\n"
    verdict = "the same bytes each time" if len(set(digests)) == 1 else "NOT the same bytes each time"
    return table + f"\nBuilt {len(digests)} times from nothing, {verdict}: SHA-256 {', '.join(sorted(set(digests)))}.\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--picli", required=True, type=lambda path: str(pathlib.Path(path).resolve()))
    parser.add_argument("--package", required=True, type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("--arch", default="amd64")
    parser.add_argument("--recipe", default=pathlib.Path(__file__).resolve().parent.parent / "image/recipe.yaml")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--release", action="store_true")
    parser.add_argument("--output", type=pathlib.Path)
    options = parser.parse_args()
    if options.rounds < 1:
        sys.exit("--rounds: at least one")
    for program in ["mmdebstrap", "dpkg-deb"]:
        if shutil.which(program) is None:
            sys.exit(f"{program} is missing: make setup-image")
    # A disk, and no memory: two gigabytes of caches and images lie there.
    with tempfile.TemporaryDirectory(prefix="picli-bench-", dir=os.environ.get("TMPDIR", "/var/tmp")) as name:
        table = measure(options, pathlib.Path(name))
    print(table, end="")
    if options.output:
        options.output.write_text(table)


if __name__ == "__main__":
    main()
