import Bench
import Foundation
import Testing

/// The machine and its services, broken for real.
@Suite("Diagnose: machine and services", .bench)
struct DiagnoseSystemTests {
    static let faults: [Fault] = [
        Fault(
            "rsyslog is stopped", mends: "services.units rsyslog.service", isQuick: true,
            run: "systemctl stop rsyslog syslog.socket"),
        Fault(
            "rsyslog no longer listens", mends: "logs.server",
            run: ": > /run/picli/rsyslog.conf; systemctl restart rsyslog"),
        Fault(
            "the unit is stopped", mends: "services.units picli.service", isQuick: true, run: "systemctl stop picli"),
        Fault(
            "the site file has a wrong word, and the unit does not start", "site.file", isQuick: true,
            run: "sed -i 's/sensors:/sensers:/' /etc/picli/site.yaml; systemctl restart picli || true",
            undo: "sed -i 's/sensers:/sensors:/' /etc/picli/site.yaml; systemctl restart picli"),
        Fault(
            "the unit hangs", "services.answer", run: "kill -STOP $(systemctl show -p MainPID --value picli)",
            undo: "kill -CONT $(systemctl show -p MainPID --value picli); systemctl restart picli"),
        Fault(
            "another service of the machine fails", "services.units broken.service",
            run: "systemd-run --unit=broken false; sleep 0.5", undo: "systemctl reset-failed broken"),
        Fault(
            "the disk is full", "board.space /var/lib/picli", isQuick: true,
            cause: { try await $0.bench.disk.fill() }, cure: { try await $0.bench.disk.empty() }),
        Fault(
            "the firewall was flushed", mends: "security.firewall", isQuick: true, run: "nft flush ruleset"),
        Fault(
            "the firewall has no rules of the site", mends: "security.firewall",
            run:
                """
                nft delete table inet picli
                nft 'add table inet picli; add chain inet picli input { type filter hook input priority 0; policy drop; }; \
                add rule inet picli input accept'
                """),
        Fault(
            "somebody has shut a port by hand", "security.firewall",
            run: "nft insert rule inet picli input udp dport 514 drop",
            undo: "nft -f /run/picli/nftables.conf"),
        Fault(
            // It stays for as long as nobody stops it.
            "a program listens that nobody named", "security.ports",
            run:
                """
                systemd-run -q --unit=stranger python3 -c 'import socket, time
                listener = socket.create_server(("", 8888)); time.sleep(600)'
                until grep -q ':22B8' /proc/net/tcp; do sleep 0.2; done
                """,
            undo: "systemctl stop stranger"),
        Fault(
            // The firewall is that of before, too.
            "the site file asks for Modbus, and nobody has applied it", "services.clients modbus", "security.firewall",
            isQuick: true,
            cause: {
                try await $0.bench.run(
                    """
                    echo 'compatibility: { modbus: { profile: x410, allow: [192.168.1.20/32] } }' >> /etc/picli/site.yaml
                    """)
            },
            cure: {
                try await $0.fix("services.clients")
                try await $0.bench.run(
                    "sed -i '/^compatibility:/d' /etc/picli/site.yaml; systemctl restart picli-host picli")
            }),
        Fault(
            "secrets can be read by everybody", mends: "identity.modes /etc/picli/secrets.yaml", isQuick: true,
            run: "chmod 644 /etc/picli/secrets.yaml"),
        Fault(
            "nobody has mounted where log lines wait", mends: "logs.spool",
            run: "umount -l /run/picli-logs; rmdir /run/picli-logs", rest: "systemctl restart rsyslog picli"),
        Fault(
            "a database is damaged", "database.integrity logs.sqlite",
            cause: {
                try await $0.bench.run(
                    """
                    systemctl restart picli; sleep 2
                    pages=$(($(stat -c %s /var/lib/picli/logs.sqlite) / 4096 - 1))
                    dd if=/dev/zero of=/var/lib/picli/logs.sqlite bs=4096 seek=1 count=$pages conv=notrunc status=none
                    """)
            },
            cure: { patient in
                try await patient.fix("database.integrity logs.sqlite")
                // The file that was set aside is told of as long as it is there; who sent lines was in it.
                try await patient.bench.run("rm -f /var/lib/picli/*.damaged-*")
                try await patient.sendLines()
            }),
        Fault(
            "the clock was never set", "clock.set", isQuick: true,
            run: "date +%s > /run/now; rm /run/systemd/timesync/synchronized; date -s 2019-07-10",
            undo:
                "date -s @$(cat /run/now); touch /run/systemd/timesync/synchronized; systemctl restart picli"
        ),
        Fault(
            // It goes on to look, as what is free changes with what the machine does.
            "nearly all memory is taken", "board.memory",
            cause: {
                try await $0.bench.run(
                    """
                    systemd-run -q --unit=hog -p OOMScoreAdjust=1000 python3 -c 'import time
                    kept = []
                    while True:
                        words = open("/proc/meminfo").read().split()
                        total, free = int(words[1]), int(words[7])
                        if free > total * 9 // 100: kept.append(bytearray(b"x") * (2 << 20))
                        elif free < total * 7 // 100 and kept: kept.pop()
                        else: time.sleep(0.05)'
                    n=0; until [ $(awk '/^MemTotal/ {t = $2} /^MemAvailable/ {print int($2 * 100 / t)}' /proc/meminfo) -lt 10 ]
                    do n=$((n + 1)); [ $n -lt 100 ] || exit 1; sleep 0.3; done
                    """)
            }, cure: { try await $0.bench.run("systemctl stop hog") }),
        // The last one: the kernel remembers its messages until the next start.
        Fault(
            "the card takes no writes any more", "board.errors",
            cause: { patient in
                try await patient.bench.disk.failWrites()
                try await patient.bench.run(
                    "touch /var/lib/picli/a-write; sync; until journalctl -k -b -q | grep -q 'I/O error'; do sleep 0.5; done"
                )
            },
            cure: { patient in
                try await patient.bench.run("systemctl stop picli")
                try await patient.bench.disk.repair()
                try await patient.bench.run("rm -f /var/lib/picli/a-write; systemctl start picli")
            }),
    ]

    @Test("each is named first, and nothing else is found; and a bundle of the whole keeps what is private")
    func faults() async throws {
        try await Bench.resume(limit: .seconds(1500)) { bench in
            let patient = try await Patient.healthy(bench)
            try await FaultRound.run(Self.faults, on: patient)
            try await Canaries.areKept(by: patient)
        }
    }
}
