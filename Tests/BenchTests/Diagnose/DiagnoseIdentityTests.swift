import Bench
import Foundation
import Testing

/// Who the unit is, broken for real: a provisioned unit in another board, with another key, and eleven years later.
@Suite("Diagnose: identity", .bench)
struct DiagnoseIdentityTests {
    private static let folder = "/var/lib/picli/identity"
    private static let home = "10000000a1b2c3d4"

    /// The machine says that it is this board: an emulated x86 has no serial number.
    private static func board(_ serial: String) -> String {
        """
        umount /proc/cpuinfo 2>/dev/null || true; cat /proc/cpuinfo > /run/cpuinfo
        printf 'Serial\\t\\t: \(serial)\\n' >> /run/cpuinfo; mount --bind /run/cpuinfo /proc/cpuinfo
        """
    }

    static let faults: [Fault] = [
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

    /// The identity of a unit that was provisioned on a desk, as a tar archive.
    private func identity() throws -> Data {
        let desk = FileManager.default.temporaryDirectory.appending(path: "picli-desk-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: desk, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: desk) }
        for (name, text) in [("secret", "correct horse battery\n"), ("site.yaml", Patient.site)] {
            try Data(text.utf8).write(to: desk.appending(path: name))
        }
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: desk.appending(path: "secret").path)
        for folder in ["card/etc", "card/boot/firmware/overlays"] {
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
        try host(
            "/usr/bin/tar", ["-C", "card", "-cf", "identity.tar", "var/lib/picli/identity", "var/lib/picli/other.key"],
            in: desk)
        return try Data(contentsOf: desk.appending(path: "identity.tar"))
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
            let patient = try await Patient.healthy(bench) { bench in
                try await bench.run("tar -xC / --no-same-owner", input: identity)
                try await bench.run(
                    """
                    \(Self.board(Self.home))
                    chown -R picli:picli \(Self.folder); chmod 750 \(Self.folder); chmod 600 /var/lib/picli/other.key
                    """)
            }
            try await FaultRound.run(Self.faults, on: patient)
        }
    }
}
