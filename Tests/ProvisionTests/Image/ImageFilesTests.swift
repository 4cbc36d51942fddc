import Foundation
import Platform
import Site
import TestSupport
import Testing

@testable import Provision

@Suite("The files of an image")
struct ImageFilesTests {
    private static let archive = TarArchive([
        .file("etc/hosts", "127.0.0.1 localhost\n"),
        .init("usr/bin/x", .file([UInt8](repeating: 7, count: 513)), mode: 0o755),
        .init("etc", .directory, mode: 0o755), .init("etc/link", .link("../run/x"), mode: 0o777),
    ])

    @Test("an archive is read as it was written, and tar agrees")
    func roundTrip() throws {
        let bytes = try Self.archive.bytes(time: 1_767_225_600)
        #expect(bytes.count.isMultiple(of: 512))
        #expect(try TarArchive(bytes) == Self.archive)
        let folder = TemporaryDirectory()
        let path = "\(folder.path)/a.tar"
        try Data(bytes).write(to: URL(filePath: path))
        let list = try ForeignProgram.run(
            "/usr/bin/tar", ["--list", "--verbose", "--numeric-owner", "--utc", "--full-time", "--file", path],
            environment: ["LC_ALL": "C"])
        #expect(list.status == 0, "\(list)")
        let lines = list.output.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines.contains { $0.contains("-rwxr-xr-x 0/0") && $0.contains("513 2026-01-01 00:00:00 usr/bin/x") })
        #expect(lines.contains { $0.hasSuffix("etc/link -> ../run/x") })
    }

    @Test("a long path is refused")
    func long() {
        let archive = TarArchive([.file(String(repeating: "x", count: 101), "")])
        #expect(throws: Failure.self) { try archive.bytes(time: 0) }
    }

    @Test("a damaged archive, and one that leads elsewhere, is refused and never a crash")
    func damaged() throws {
        let bytes = try Self.archive.bytes(time: 0)
        for count in stride(from: 0, to: bytes.count - 1024, by: 100) {
            #expect(throws: Failure.self) { try TarArchive(Array(bytes.prefix(count))) }
        }
        for path in ["../x", "/etc/x", "a//b", "a/./b"] {
            let bad = try TarArchive([.file(path, "x")]).bytes(time: 0)
            #expect(throws: Failure.self, "\(path)") { try TarArchive(bad) }
        }
        for place in stride(from: 0, to: 512, by: 3) {
            var flipped = bytes
            flipped[place] ^= 0xFF
            _ = try? TarArchive(flipped)
        }
    }

    @Test("what makes a card a unit's is read back, and nothing else is taken")
    func card() throws {
        let card = CardArchive(
            site: Array("site: { name: X }\n".utf8), secrets: Array("mail: x\n".utf8), unit: UnitID("pi-1"),
            authorizedKeys: [65], root: Array("-----BEGIN CERTIFICATE-----\n".utf8))
        #expect(try CardArchive(card.bytes()) == card)
        let least = CardArchive(site: [1])
        #expect(try CardArchive(least.bytes()) == least)
        for entries: [TarArchive.Entry] in [
            [], [.file("unit", "pi-1\n")], [.file("site.yaml", "x"), .file("shadow", "x")],
            [.file("site.yaml", "x"), .file("unit", "Not A Name\n")],
            [.init("site.yaml", .link("/etc/shadow"), mode: 0)],
            [.file("site.yaml", "x"), .file("site.yaml", "y")],
        ] {
            let bytes = try TarArchive(entries).bytes(time: 0)
            #expect(throws: Failure.self) { try CardArchive(bytes) }
        }
    }

    @Test("a folder is read with programs, links and inner folders")
    func folder() throws {
        let folder = TemporaryDirectory()
        folder.write("hello\n", to: "etc/a/b")
        folder.write("#!/bin/sh\n", to: "usr/x")
        folder.write("x ALL=(ALL) ALL\n", to: "etc/sudoers.d/x")
        chmod("\(folder.path)/usr/x", 0o750)
        symlink("a/b", "\(folder.path)/etc/c")
        let files = try ImageFacts.files(in: folder.path)
        #expect(
            files == [
                .file("etc/a/b", "hello\n"), .init("etc/c", .link("a/b"), mode: 0o777),
                .file("etc/sudoers.d/x", "x ALL=(ALL) ALL\n", mode: 0o440),
                .file("usr/x", "#!/bin/sh\n", mode: 0o755),
            ])
        #expect(throws: Failure.self) { try ImageFacts.files(in: "\(folder.path)/none") }
        mkfifo("\(folder.path)/pipe", 0o600)
        #expect(throws: Failure.self) { try ImageFacts.files(in: folder.path) }
    }
}
