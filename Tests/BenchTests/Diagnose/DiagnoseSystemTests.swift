import Bench
import Foundation
import Testing

/// The machine and its services, broken for real.
@Suite("Diagnose: machine and services", .bench)
struct DiagnoseSystemTests {
    static let faults: [Fault] = [
        Fault(
            "rsyslog is stopped", "services.units rsyslog.service", isQuick: true,
            run: "systemctl stop rsyslog syslog.socket", undo: "systemctl start rsyslog"),
        Fault(
            "rsyslog no longer listens", "logs.server",
            run:
                "mv /run/picli/rsyslog.conf /run/kept.conf; : > /run/picli/rsyslog.conf; systemctl restart rsyslog",
            undo: "mv /run/kept.conf /run/picli/rsyslog.conf; systemctl restart rsyslog"),
        Fault(
            "the unit is stopped", "services.units picli.service", isQuick: true,
            run: "systemctl stop picli",
            undo: "systemctl start picli"),
        Fault(
            "the site file has a wrong word, and the unit does not start", "site.file", isQuick: true,
            run: "sed -i 's/sensors:/sensers:/' /etc/picli/site.yaml; systemctl restart picli || true",
            undo: "sed -i 's/sensers:/sensors:/' /etc/picli/site.yaml; systemctl restart picli"),
        Fault(
            "the unit hangs", "services.answer",
            run: "kill -STOP $(systemctl show -p MainPID --value picli)",
            undo: "kill -CONT $(systemctl show -p MainPID --value picli); systemctl restart picli"),
        Fault(
            "another service of the machine fails", "services.units broken.service",
            run: "systemd-run --unit=broken false; sleep 0.5", undo: "systemctl reset-failed broken"),
        Fault(
            "the disk is full", "board.space /var/lib/picli", isQuick: true,
            cause: { try await $0.bench.disk.fill() }, cure: { try await $0.bench.disk.empty() }),
        Fault(
            "the firewall was flushed", "security.firewall", isQuick: true, run: "nft flush ruleset",
            undo: "systemctl restart picli-host"),
        Fault(
            "the firewall has no rules of the site", "security.firewall",
            run:
                "nft delete table inet picli; nft -f /opt/none 2>/dev/null; nft 'add table inet picli; add chain inet picli input { type filter hook input priority 0; policy drop; }; add rule inet picli input accept'",
            undo: "systemctl restart picli-host"),
        Fault(
            "a program listens that nobody named", "security.ports",
            run:
                "systemd-run --unit=stranger python3 -m http.server 8888; until grep -q ':22B8' /proc/net/tcp; do sleep 0.2; done",
            undo: "systemctl stop stranger"),
        Fault(
            "secrets can be read by everybody", "identity.modes /etc/picli/secrets.yaml", isQuick: true,
            run: "chmod 644 /etc/picli/secrets.yaml", undo: "chmod 640 /etc/picli/secrets.yaml"),
        Fault(
            "the clock was never set", "clock.set", isQuick: true,
            run: "date +%s > /run/now; rm /run/systemd/timesync/synchronized; date -s 2019-07-10",
            undo:
                "date -s @$(cat /run/now); touch /run/systemd/timesync/synchronized; systemctl restart picli"
        ),
        Fault(
            "nearly all memory is taken", "board.memory",
            cause: {
                try await $0.bench.run(
                    """
                    systemd-run --unit=hog -p OOMScoreAdjust=1000 python3 -c 'import time
                    free = int([l for l in open("/proc/meminfo") if l.startswith("MemAvailable")][0].split()[1]) * 1024
                    total = int([l for l in open("/proc/meminfo") if l.startswith("MemTotal")][0].split()[1]) * 1024
                    kept = bytearray(b"x") * (free - total * 7 // 100)
                    time.sleep(600)'; sleep 4
                    """)
            }, cure: { try await $0.bench.run("systemctl stop hog") }),
    ]

    @Test("each is named first, and nothing else is found; and a bundle of the whole keeps what is private")
    func faults() async throws {
        try await Bench.resume(limit: .seconds(900)) { bench in
            let patient = try await Patient.healthy(bench)
            try await FaultRound.run(Self.faults, on: patient)
            try await Canaries.areKept(by: patient)
        }
    }
}
