#!/usr/bin/env python3
"""Signs the same certificate requests with picli and its peers, and prints a Markdown table of ratios.

    Benchmarks/certificates.py --picli PATH [--requests 200] [--rounds 3] [--output docs/performance-certificates.md]

The peers have keys without a passphrase; picli opens its own with one, and that is in its time.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

EASY_RSA = "/usr/share/easy-rsa/easyrsa"
SECRET = "correct horse battery"

CONFIGURATION = """
[ca]
default_ca = own
[own]
database = {folder}/index.txt
new_certs_dir = {folder}/certs
serial = {folder}/serial
certificate = {folder}/ca.crt
private_key = {folder}/ca.key
default_md = sha256
default_days = 3652
policy = any
x509_extensions = leaf
[any]
commonName = supplied
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""


def run(arguments: list[str], **options) -> None:
    done = subprocess.run(arguments, stdin=subprocess.DEVNULL, capture_output=True, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(arguments[:4])} …: exit {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")


def make_requests(folder: pathlib.Path, count: int) -> list[pathlib.Path]:
    folder.mkdir()
    requests = []
    for number in range(count):
        request = folder / f"pi-{number:05}.csr"
        run(["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
             "-keyout", str(folder / "key"), "-subj", f"/CN=pi-{number:05}", "-out", str(request)])
        requests.append(request)
    return requests


def make_root(folder: pathlib.Path) -> None:
    run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "7300",
         "-keyout", str(folder / "ca.key"), "-out", str(folder / "ca.crt"), "-subj", "/CN=Peer"])


def timed(work) -> float:
    start = time.monotonic()
    work()
    return time.monotonic() - start


def picli(binary: str, folder: pathlib.Path, requests: list[pathlib.Path]) -> float:
    secret, out = folder / "secret", folder / "out"
    secret.write_text(SECRET + "\n")
    secret.chmod(0o600)
    out.mkdir()
    ca = ["--ca", str(folder / "ca"), "--passphrase-file", str(secret)]
    run([binary, "ca", "init", str(folder / "ca"), "--name", "Bench", "--passphrase-file", str(secret)])
    seconds = timed(lambda: run([binary, "ca", "sign", *map(str, requests), *ca, "--output", str(out)]))
    check(folder / "ca" / "root.crt", out, len(requests))
    return seconds


def check(root: pathlib.Path, out: pathlib.Path, count: int) -> None:
    certificates = sorted(out.glob("*.crt"))
    if len(certificates) != count:
        sys.exit(f"{len(certificates)} certificates instead of {count} in {out}")
    last = str(certificates[-1])
    run(["openssl", "verify", "-x509_strict", "-CAfile", str(root), "-untrusted", last, last])


def openssl_ca(folder: pathlib.Path, requests: list[pathlib.Path]) -> float:
    make_root(folder)
    (folder / "certs").mkdir()
    (folder / "index.txt").touch()
    (folder / "serial").write_text("1000\n")
    configuration = folder / "ca.cnf"
    configuration.write_text(CONFIGURATION.format(folder=folder))
    command = ["openssl", "ca", "-config", str(configuration), "-batch", "-notext", "-infiles", *map(str, requests)]
    seconds = timed(lambda: run(command))
    if len(list((folder / "certs").iterdir())) != len(requests):
        sys.exit("openssl ca did not sign all requests")
    return seconds


def openssl_x509(folder: pathlib.Path, requests: list[pathlib.Path]) -> float:
    make_root(folder)
    extensions = folder / "leaf.ext"
    extensions.write_text(CONFIGURATION.split("[leaf]\n")[1])

    def work() -> None:
        for request in requests:
            run(["openssl", "x509", "-req", "-in", str(request), "-CA", str(folder / "ca.crt"),
                 "-CAkey", str(folder / "ca.key"), "-days", "3652", "-extfile", str(extensions),
                 "-out", str(folder / (request.stem + ".crt"))])

    return timed(work)


def easy_rsa(folder: pathlib.Path, requests: list[pathlib.Path]) -> float:
    environment = os.environ | {
        "EASYRSA_BATCH": "1", "EASYRSA_PKI": str(folder / "pki"), "EASYRSA_ALGO": "ec", "EASYRSA_CURVE": "prime256v1",
        "EASYRSA_CERT_EXPIRE": "3652"}
    options = {"cwd": folder, "env": environment}
    run([EASY_RSA, "init-pki"], **options)
    run([EASY_RSA, "build-ca", "nopass"], **options)
    for request in requests:
        run([EASY_RSA, "import-req", str(request), request.stem], **options)

    def work() -> None:
        for request in requests:
            run([EASY_RSA, "sign-req", "client", request.stem], **options)

    return timed(work)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--picli", required=True)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--output", type=pathlib.Path)
    options = parser.parse_args()
    for program in ["openssl", EASY_RSA]:
        if shutil.which(program) is None:
            sys.exit(f"{program} is missing: apt-get install openssl easy-rsa")

    binary = str(pathlib.Path(options.picli).resolve())
    peers = {
        "`picli ca sign`, key opened, durable register": lambda f, r: picli(binary, f, r),
        "`openssl ca`": openssl_ca,
        "`openssl x509 -req`, one at a time, no register": openssl_x509,
        "`easyrsa sign-req`, one at a time": easy_rsa,
    }
    best: dict[str, dict[int, float]] = {name: {} for name in peers}
    counts = [1, options.requests]
    with tempfile.TemporaryDirectory(prefix="picli-bench-") as name:
        top = pathlib.Path(name)
        requests = make_requests(top / "requests", options.requests)
        # By turns, so that a slow minute of the machine is everybody's.
        for turn in range(options.rounds):
            for count in counts:
                for place, (peer, work) in enumerate(peers.items()):
                    folder = top / f"{turn}-{count}-{place}"
                    folder.mkdir()
                    seconds = work(folder, requests[:count])
                    best[peer][count] = min(seconds, best[peer].get(count, seconds))

    ours = best[next(iter(peers))]
    table = f"| certificates signed | 1 | {options.requests} at once | per second | time, picli = 1 |\n|---|---|---|---|---|\n"
    for peer, seconds in best.items():
        one, many = seconds[1], seconds[options.requests]
        rate = options.requests / many
        table += f"| {peer} | {one * 1000:.0f} ms | {many * 1000:.0f} ms | {rate:.0f} | {many / ours[options.requests]:.2f} |\n"
    print(table, end="")
    if options.output:
        options.output.write_text(table)


if __name__ == "__main__":
    main()
