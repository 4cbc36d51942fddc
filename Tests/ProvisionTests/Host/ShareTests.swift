import Platform
import Site
import TestSupport
import Testing

@testable import Provision

@Suite("The share of the cameras")
struct ShareTests {
    private let unit = UnitID("pi-7k3m92qf")

    private func plan(_ site: SiteFile, _ change: (inout HostFacts) -> Void = { _ in }) throws -> HostPlan {
        var facts = HostFacts(unit: unit, picliGroup: 994)
        let directory = TemporaryDirectory()
        let secrets = try withExtendedLifetime(directory) {
            try CameraSecrets(of: SystemRoot(directory.path), for: site)
        }
        change(&facts)
        return try HostPlan(site: site, facts: facts, secrets: HostSecrets(cameras: secrets))
    }

    private func site(_ cameras: String, storage: String = "storage: { share: camera }") throws -> SiteFile {
        try HostFixtures.site(
            "site: { name: x }\nnetwork: { unit: 192.168.1.10/24, camera: \(cameras) }\n\(storage)\n")
    }

    @Test(
        "passwords are kept as SMB wants them",
        arguments: [
            ("password", "8846F7EAEE8FB117AD06BDD830B7586C"), ("", "31D6CFE0D16AE931B73C59D7E0C089C0"),
            ("SecREt01", "CD06CA7C7E10C99B1D33B7485A2ED808"),
        ])
    func hash(password: String, hash: String) {
        #expect(NTHash.text(of: password) == hash)
    }

    @Test(
        "MD4 as RFC 1320 tests it",
        arguments: [
            ("", "31d6cfe0d16ae931b73c59d7e0c089c0"), ("abc", "a448017aaf21d8525fc10ae87aa6729d"),
            (
                "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
                "e33b4ddc9c38f2199c3e7b164fcc0536"
            ),
        ])
    func digest(text: String, digest: String) {
        #expect(NTHash.hash(Array(text.utf8)).hexadecimal == digest)
    }

    @Test("testparm finds nothing to complain about", arguments: ["", "maximum: 500GB"])
    func testparm(extra: String) async throws {
        let cameras =
            "[{ id: front, address: 192.168.1.3 }, { id: old, address: 192.168.1.4, minimum: smb2, signing: false }]"
        let plan = try plan(site(cameras, storage: "storage: { share: clips, \(extra) }")).plan
        let text = try #require(HostFixtures.file("/run/picli-share/smb.conf", in: plan))
        let directory = TemporaryDirectory()
        for folder in ["lock", "state", "cache", "private", "pid"] { directory.write("", to: "\(folder)/x") }
        directory.write(text.replacing("/run/picli-share", with: directory.path), to: "smb.conf")
        let result = try await LinuxCommandRunner().run(
            Command("testparm", ["--suppress-prompt", "\(directory.path)/smb.conf"]))
        let complaints = String(decoding: result.complaints, as: UTF8.self)
        for word in ["WARNING", "ERROR", "Unknown", "NOTE", "Global parameter"] {
            #expect(!complaints.contains(word), "\(complaints)")
        }
        #expect(result.text.contains("[clips]"))
        #expect(result.text.contains("max disk size = 476837") == !extra.isEmpty)
    }

    @Test("each camera is asked for what it can do: the general rules are those of the oldest")
    func demands() throws {
        let strict = try plan(site("{ address: 192.168.1.3 }")).plan
        let text = try #require(HostFixtures.file("/run/picli-share/smb.conf", in: strict))
        #expect(text.contains("server min protocol = SMB3_00\n") && text.contains("server signing = mandatory\n"))
        #expect(strict.steps.contains { $0.action == .absent(path: "/run/picli-share/192.168.1.3.conf") })
        let mixed = try plan(
            site("[{ id: a, address: 192.168.1.3 }, { id: b, address: 192.168.1.4, minimum: smb2, signing: false }]")
        ).plan
        let general = try #require(HostFixtures.file("/run/picli-share/smb.conf", in: mixed))
        #expect(general.contains("server min protocol = SMB2_02\n") && general.contains("server signing = auto\n"))
        let own = try #require(HostFixtures.file("/run/picli-share/192.168.1.3.conf", in: mixed))
        #expect(own.hasSuffix("server min protocol = SMB3_00\nserver signing = mandatory\n"))
        #expect(mixed.steps.contains { $0.action == .absent(path: "/run/picli-share/192.168.1.4.conf") })
    }

    @Test("a camera with the name of a user of the system does not become that user")
    func taken() throws {
        let cameras = "[{ id: www-data, address: 192.168.1.3 }, { id: front, address: 192.168.1.4 }]"
        let host = try plan(site(cameras)) { $0.users = ["root", "www-data"] }
        #expect(host.notes.count == 1 && host.notes[0].contains("'www-data'"))
        let text = try #require(HostFixtures.file("/run/picli-share/smb.conf", in: host.plan))
        #expect(text.contains("valid users = front\n"))
        #expect(HostFixtures.file("/run/picli-share/smbpasswd", in: host.plan)?.hasPrefix("front:61001:XXXX") == true)
        #expect(!host.plan.steps.contains { $0.path == "/run/userdb/www-data.user" })
    }

    @Test("no secret is shown, and one that was made stays")
    func secrets() async throws {
        let directory = TemporaryDirectory()
        directory.write("", to: "var/lib/x")
        let root = try SystemRoot(directory.path)
        let site = try site("{ id: front, address: 192.168.1.3 }")
        let made = try CameraSecrets(of: root, for: site)
        let secret = try #require(made.texts["front"])
        #expect(secret.count == 16)
        let plan = try Plan(made.steps())
        #expect(try !PlanPreview(of: plan, on: PresentRoot(root)).text.contains(secret))
        #expect("\(made)" == "CameraSecrets(hidden)")
        _ = try await PlanRunner(root: root, journal: "/run/journal", commands: LinuxCommandRunner()).run(plan)
        let kept = try CameraSecrets(of: root, for: site)
        #expect(kept.texts == made.texts && kept.steps().isEmpty)
        #expect(FileKind.permissions(of: "\(directory.path)/var/lib/picli-nas/front") == 0o600)
        directory.write("\n", to: "var/lib/picli-nas/front")
        #expect(try CameraSecrets(of: root, for: site).texts["front"]?.count == 16)
    }

    @Test("without a drive in the site file, without Samba, and before it is a unit, there is no share")
    func none() throws {
        let off = try plan(site("{ address: 192.168.1.3 }", storage: ""))
        #expect(
            off.notes.isEmpty && off.plan.steps.contains { $0.action == .absent(path: "/run/picli-share/smb.conf") })
        let site = try site("{ address: 192.168.1.3 }")
        for change: (inout HostFacts) -> Void in [{ $0.hasSamba = false }, { $0.unit = nil }] {
            let host = try plan(site, change)
            #expect(host.notes.count == 1 && !host.plan.steps.contains { $0.id == "share" })
        }
    }
}
