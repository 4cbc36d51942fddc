import Bench
import Foundation
import Testing

/// Who the unit is, broken for real: a provisioned unit in another board, with another key, and eleven years later.
@Suite("Diagnose: identity", .bench)
struct DiagnoseIdentityTests {
    private static let folder = "/var/lib/picli/identity"
    private static let home = "10000000a1b2c3d4"
    private static let site = Patient.site + "uplink: { broker: \"mqtts://fleet.example:8883\" }\n"

    /// The fleet's broker, beyond the router, as a shop would set it up.
    private static let broker = """
        user root
        listener 8883 198.51.100.7
        cafile /opt/broker/root.crt
        certfile /opt/broker/broker.crt
        keyfile /opt/broker/broker.key
        require_certificate true
        use_identity_as_username true

        """

    private static let startBroker =
        "ip netns exec router systemd-run -q --scope --unit=broker mosquitto -d -c /opt/broker/mosquitto.conf"

    /// The machine says that it is this board: an emulated x86 has no serial number.
    private static func board(_ serial: String) -> String {
        """
        umount /proc/cpuinfo 2>/dev/null || true; cat /proc/cpuinfo > /run/cpuinfo
        printf 'Serial\\t\\t: \(serial)\\n' >> /run/cpuinfo; mount --bind /run/cpuinfo /proc/cpuinfo
        """
    }

    static let faults: [Fault] = [
        Fault(
            "a port is blocked on the way to the broker", "uplink.broker",
            run:
                """
                ip netns exec router nft 'add table ip fault; add chain ip fault in { type filter hook input priority 0; }; \
                add rule ip fault in tcp dport 8883 drop'
                """, undo: "ip netns exec router nft delete table ip fault"),
        Fault(
            "the broker does not run", "uplink.broker", run: "systemctl stop broker.scope", undo: startBroker),
        Fault(
            "the card was put into another board", "identity.clone", run: board("10000000deadbeef"),
            undo: board(home)),
        Fault(
            "the key is another one than the certificate is for", "identity.certificate",
            run:
                "cp -p \(folder)/device.key /run/kept.key; cat /var/lib/picli/other.key > \(folder)/device.key",
            undo: "cat /run/kept.key > \(folder)/device.key"),
        Fault(
            "others can read the key", mends: "identity.modes \(folder)/device.key",
            run: "chmod 644 \(folder)/device.key"),
        Fault(
            "the certificate has ended", "identity.certificate",
            cause: { patient in
                try await patient.bench.run(
                    "date -s @$(($(date +%s) + 347000000)); touch /run/systemd/timesync/synchronized")
                try await patient.sendLines()
            },
            cure: {
                try await $0.bench.run(
                    "date -s @$(($(date +%s) - 347000000)); touch /run/systemd/timesync/synchronized")
            }),
    ]

    /// A unit that was provisioned on a desk, and the broker of its fleet, as a tar archive.
    private func identity() throws -> Data {
        let desk = FileManager.default.temporaryDirectory.appending(path: "picli-desk-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: desk, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: desk) }
        for (name, text) in [("secret", "correct horse battery\n"), ("site.yaml", Self.site)] {
            try Data(text.utf8).write(to: desk.appending(path: name))
        }
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: desk.appending(path: "secret").path)
        for folder in ["card/etc", "card/boot/firmware/overlays", "card/opt/broker", "signed"] {
            try FileManager.default.createDirectory(
                at: desk.appending(path: folder), withIntermediateDirectories: true)
        }
        for (path, text) in [
            ("etc/os-release", "ID=debian\n"), ("etc/rpi-issue", ""), ("boot/firmware/config.txt", "# mine\n"),
            ("boot/firmware/overlays/w1-gpio.dtbo", ""),
        ] {
            try Data(text.utf8).write(to: desk.appending(path: "card/\(path)"))
        }
        try host(HostProgram.picli, ["ca", "init", "ca", "--name", "Bench", "--passphrase-file", "secret"], in: desk)
        try host(
            HostProgram.picli,
            [
                "provision", "--root", "card", "--site", "site.yaml", "--ca", "ca", "--passphrase-file", "secret",
                "--unit", "pi-bench", "--yes", "--json",
            ], in: desk)
        // It was provisioned on a desk, and has been in its board since.
        let path = desk.appending(path: "card/var/lib/picli/identity/unit.json")
        let record = try JSONSerialization.jsonObject(with: Data(contentsOf: path)) as? [String: Any]
        var changed = try #require(record)
        changed["board"] = Self.home
        try JSONSerialization.data(withJSONObject: changed).write(to: path)
        try host(
            "/usr/bin/openssl",
            [
                "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-out",
                "card/var/lib/picli/other.key",
            ], in: desk)
        try makeBroker(at: desk)
        try host(
            "/usr/bin/tar",
            ["-C", "card", "-cf", "identity.tar", "var/lib/picli/identity", "var/lib/picli/other.key", "opt/broker"],
            in: desk)
        return try Data(contentsOf: desk.appending(path: "identity.tar"))
    }

    private func makeBroker(at desk: URL) throws {
        try host(
            "/usr/bin/openssl",
            [
                "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
                "card/opt/broker/broker.key", "-out", "broker.csr", "-subj", "/CN=fleet.example", "-addext",
                "subjectAltName=DNS:fleet.example",
            ], in: desk)
        try host(
            HostProgram.picli,
            [
                "ca", "sign", "broker.csr", "--profile", "web", "--name", "fleet.example", "--ca", "ca",
                "--passphrase-file", "secret", "--output", "signed",
            ], in: desk)
        let signed = try FileManager.default.contentsOfDirectory(atPath: desk.appending(path: "signed").path)
        try host("/usr/bin/cp", ["signed/\(try #require(signed.first))", "card/opt/broker/broker.crt"], in: desk)
        try host("/usr/bin/cp", ["ca/root.crt", "card/opt/broker/root.crt"], in: desk)
        try Data(Self.broker.utf8).write(to: desk.appending(path: "card/opt/broker/mosquitto.conf"))
    }

    private func host(_ program: String, _ arguments: [String], in folder: URL) throws {
        let run = try HostProgram.run(program, arguments, in: folder)
        try #require(run.status == 0, "\(run.output)")
    }

    @Test(
        "each is named first, and nothing else is found",
        .enabled(if: FaultRound.triesAll, "they take minutes: make test-faults"))
    func faults() async throws {
        let identity = try identity()
        try await Bench.resume(limit: .seconds(1500)) { bench in
            let patient = try await Patient.healthy(bench, site: Self.site) { bench in
                try await bench.run("tar -xC / --no-same-owner", input: identity)
                try await bench.run(
                    """
                    \(Self.board(Self.home))
                    chown -R picli:picli \(Self.folder); chmod 750 \(Self.folder); chmod 600 /var/lib/picli/other.key
                    \(Self.startBroker)
                    """)
            }
            try await FaultRound.run(Self.faults, on: patient)
        }
    }
}
