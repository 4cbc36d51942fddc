import Bench
import Foundation
import Testing

/// Power that fails while a card is provisioned, on a disk that loses and tears what was not flushed.
@Suite("Provisioning and power", .bench)
struct ProvisionPowerTests {
    /// The steps that the power fails after: five in CI, all with `PICLI_BENCH_CUTS`.
    private static let steps: [String] =
        ["identity.record", "identity.key", "site.file", "identity.certificate", "setup.token"]
        + (ProcessInfo.processInfo.environment["PICLI_BENCH_CUTS"] == nil
            ? []
            : [
                "folder.etc.picli", "boot.etc.systemd.system-conf-d.60-picli-watchdog-conf",
                "boot.etc.sysctl-d.61-picli-watchdog-conf", "boot.etc.modules-load-d.picli-conf",
                "boot.boot.firmware.config-txt", "identity.web",
            ])

    private static let folder = "/var/lib/picli/desk"

    /// An authority of the desk as a tar archive.
    ///
    /// Its keys are closed anew by OpenSSL with little work: an emulated processor would open picli's for half a minute.
    private func authority() throws -> Data {
        let desk = FileManager.default.temporaryDirectory.appending(path: "picli-desk-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: desk, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: desk) }
        // OpenSSL takes the second of two passphrases from the second line, when both are in one file.
        for file in ["secret", "secret-out"] {
            let isWritten = FileManager.default.createFile(
                atPath: desk.appending(path: file).path, contents: Data("correct horse battery\n".utf8),
                attributes: [.posixPermissions: 0o600])
            try #require(isWritten)
        }
        try host(HostProgram.picli, ["ca", "init", "ca", "--name", "Bench", "--passphrase-file", "secret"], in: desk)
        let names = try FileManager.default.contentsOfDirectory(atPath: desk.appending(path: "ca").path)
        for key in names.filter({ $0.hasSuffix(".key") }) {
            try host(
                "/usr/bin/openssl",
                [
                    "pkcs8", "-topk8", "-in", "ca/\(key)", "-passin", "file:secret", "-out", "new", "-passout",
                    "file:secret-out", "-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA256", "-iter", "2048",
                ], in: desk)
            try host("/usr/bin/mv", ["new", "ca/\(key)"], in: desk)
        }
        try host("/usr/bin/tar", ["-cf", "desk.tar", "secret", "ca"], in: desk)
        return try Data(contentsOf: desk.appending(path: "desk.tar"))
    }

    private func host(_ program: String, _ arguments: [String], in folder: URL) throws {
        let run = try HostProgram.run(program, arguments, in: folder)
        try #require(run.status == 0, "\(run.output)")
    }

    /// Only those steps that need the authority name it.
    private static func command(_ unit: String, for step: String) -> String {
        let needsAuthority =
            !["identity.record", "identity.key", "site.file"].contains(step) && !step.hasPrefix("boot.")
        let authority = needsAuthority ? "--ca ca --passphrase-file secret " : ""
        return "picli provision --root card --site site.yaml \(authority)--unit \(unit) --yes --json"
    }

    @Test("whatever step the power fails at, the same command ends with the same unit")
    func cuts() async throws {
        let disk = try VolatileDisk(seed: 11)
        let authority = try authority()
        try await Bench.resume(data: disk, limit: .seconds(720)) { bench in
            try await bench.run("mkdir -p \(Self.folder); tar -xC \(Self.folder)", input: authority)
            try await bench.run(
                """
                cd \(Self.folder); mkdir -p card/etc card/boot/firmware/overlays; touch card/etc/rpi-issue
                printf 'ID=debian\\n' > card/etc/os-release; touch card/boot/firmware/overlays/w1-gpio.dtbo
                printf '# mine\\n[cm4]\\notg_mode=1\\n[all]\\n' > card/boot/firmware/config.txt
                fallocate -l 64k other; cat > site.yaml; sync
                """,
                input: Data(
                    """
                    site: { name: Bench }
                    network: { unit: 192.0.2.10/24 }
                    sensors:
                      - { id: enclosure, chip: ds18b20, address: 28-0000075ff6b1 }
                      - { id: load, chip: ina260, bus: 1, address: 0x40 }
                    """.utf8))
            for (index, step) in Self.steps.enumerated() {
                let command = Self.command("pi-\(index)", for: step)
                // Another program writes past the page cache and never flushes: something is always at risk.
                try await bench.run(
                    """
                    cd \(Self.folder); nohup sh -c 'while :; do
                      dd if=/dev/zero of=other bs=4k count=4 oflag=direct conv=notrunc; sleep 0.1; done' > /dev/null 2>&1 &
                    """)
                // A card that was never provisioned, so that each step comes.
                try await bench.run("cd \(Self.folder); rm -rf card/var card/etc/picli card/etc/s* card/etc/m*; sync")
                try await bench.run(
                    "cd \(Self.folder); nohup \(command) > /run/answer 2> /run/progress < /dev/null &")
                // Waited for inside: each look from outside would cost the emulated processor a login.
                let done = try await bench.status(
                    "timeout 150 sh -c \"until grep -q 'done  *\(step):' /run/progress; do sleep 0.1; done\"")
                #expect(done.status == 0, "\(step) is not done")
                disk.stall(afterWrites: 1)
                try await eventually("the disk has something to lose", within: .seconds(60)) { disk.isStalled }
                try await bench.cutPower()
                try await bench.powerOn()
                try await check(bench, command, after: step)
            }
            let again = try await bench.run(
                "cd \(Self.folder); \(Self.command("pi-\(Self.steps.count - 1)", for: Self.steps.last ?? "")) 2>/dev/null"
            )
            #expect(again.contains(#""changes":0,"#), "\(again)")
        }
        #expect(disk.cuts.dropLast().allSatisfy { $0.unflushed > 0 }, "\(disk.cuts)")
    }

    private func check(_ bench: Bench, _ command: String, after step: String) async throws {
        let finished = try await bench.status("cd \(Self.folder); \(command)")
        #expect(finished.status == 0, "\(step): \(finished)")
        let good = try await bench.status(
            """
            cd \(Self.folder); picli provision check-boot --root card && picli identity show --root card > /dev/null &&
            { [ ! -e card/var/lib/picli/identity/device.crt ] || picli identity verify --root card; } &&
            cmp site.yaml card/etc/picli/site.yaml && sqlite3 ca/register.sqlite 'pragma integrity_check' &&
            find card -name '*.new' -o -name '*picli-new*'
            """)
        #expect(good.status == 0 && good.output.hasSuffix("\nok\n"), "\(step): \(good)")
    }
}
