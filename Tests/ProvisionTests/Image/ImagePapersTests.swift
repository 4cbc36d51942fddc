import Foundation
import Platform
import Site
import TestSupport
import Testing

@testable import Provision

@Suite("What ships beside an image")
struct ImagePapersTests {
    /// Blocks 0, 1 and 300 hold something; the file is 401 blocks and 17 bytes long.
    private func image(in folder: TemporaryDirectory) throws -> String {
        let path = "\(folder.path)/x.img"
        let file = try Descriptor(opening: path, O_RDWR | O_CREAT, mode: 0o644)
        ftruncate(file.number, 401 * 4096 + 17)
        try file.write([UInt8](repeating: 1, count: 4097), at: 0)
        try file.write([7], at: 300 * 4096 + 5)
        return path
    }

    @Test("a block map has the ranges that hold anything, and the checksum of the whole")
    func map() throws {
        let folder = TemporaryDirectory()
        let path = try image(in: folder)
        let map = try BlockMap(reading: path)
        #expect(map.size == 401 * 4096 + 17)
        #expect(map.ranges.map { [$0.first, $0.last] } == [[0, 1], [300, 300]])
        let sum = try ForeignProgram.run("/usr/bin/sha256sum", [path])
        #expect(sum.output.hasPrefix(map.digest), "\(sum)")
        #expect(try BlockMap(xml: map.xml, digest: map.digest) == map)
    }

    @Test("zeros that a card needs are mapped, in holes and beside them, and no range reaches over a beginning")
    func settled() throws {
        let folder = TemporaryDirectory()
        let path = try image(in: folder)
        let map = try BlockMap(
            reading: path,
            stretches: [
                .init(first: 1, settled: 0), .init(first: 2, settled: 3), .init(first: 299, settled: 1),
                .init(first: 390, settled: 12),
            ])
        #expect(map.ranges.map { [$0.first, $0.last] } == [[0, 0], [1, 1], [2, 4], [299, 300], [390, 401]])
        let plain = try BlockMap(reading: path)
        #expect(map.digest == plain.digest)
        let zeros = try ForeignProgram.run("/usr/bin/sha256sum", [], input: [UInt8](repeating: 0, count: 3 * 4096))
        #expect(zeros.output.hasPrefix(map.ranges[2].digest), "\(zeros)")
        #expect(try BlockMap(xml: map.xml, digest: map.digest) == map)
    }

    @Test("a card needs whole file systems that are written to later, of a root what it holds, and empty beginnings")
    func stretches() throws {
        let partitions = ImageIdentity.partitions(of: try ImageFixture.plan(.arm64))
        let stretches = BlockMap.Stretch.all(of: partitions)
        #expect(stretches.map(\.first) == partitions.map { $0.start / 8 })
        #expect(stretches.map { $0.settled >> 8 } == [32, 128, 1, 0, 1, 64])
    }

    @Test("a damaged block map is refused")
    func damagedMap() throws {
        let folder = TemporaryDirectory()
        let map = try BlockMap(reading: image(in: folder))
        for text in [
            "", "<bmap>", map.xml.replacing("300", with: "301"), String(map.xml.dropLast(30)),
            map.xml.replacing("sha256", with: "md5"), map.xml.replacing("<ImageSize> 1", with: "<ImageSize> 2"),
        ] {
            #expect(throws: Failure.self) { try BlockMap(xml: text, digest: map.digest) }
        }
        let vast = BlockMap(size: 1 << 60, digest: map.digest, ranges: map.ranges)
        #expect(throws: Failure.self) { try BlockMap(xml: vast.xml, digest: map.digest) }
    }

    private static let status = """
        Package: base-files
        Status: install ok installed
        Architecture: amd64
        Version: 12.4+deb12u11
        Description: x
         more: of it

        Package: gone
        Status: deinstall ok config-files
        Version: 1

        Package: libstdc++6
        Status: install ok installed
        Architecture: amd64
        Version: 12.2.0-14+deb12u1
        """

    private static let pins = """
        { "originHash": "x", "pins": [ { "identity": "swift-log", "kind": "remoteSourceControl",
          "location": "https://github.com/apple/swift-log", "state": { "revision": "abc", "version": "1.16.2" } } ],
          "version": 3 }
        """

    @Test("the list of software has what dpkg has installed, and the pins of the build")
    func software() throws {
        let packages =
            try InstalledPackage.debian(status: Self.status) + InstalledPackage.swift(pins: Array(Self.pins.utf8))
        #expect(
            packages.map(\.purl) == [
                "pkg:deb/debian/base-files@12.4%2Bdeb12u11?arch=amd64",
                "pkg:deb/debian/libstdc%2B%2B6@12.2.0-14%2Bdeb12u1?arch=amd64",
                "pkg:swift/github.com/apple/swift-log@1.16.2",
            ])
        #expect(throws: Failure.self) { try InstalledPackage.swift(pins: Array("{}".utf8)) }
        let bill = SoftwareBill(of: packages, image: "x.img", digest: "00", created: "2026-01-01T00:00:00Z", picli: "1")
        let json = try JSONSerialization.jsonObject(with: Data(Paper.json(bill))) as? [String: Any]
        let names = (json?["packages"] as? [[String: Any]])?.compactMap { $0["SPDXID"] as? String }
        #expect(
            names == [
                "SPDXRef-image", "SPDXRef-deb-base-files-amd64", "SPDXRef-deb-libstdc.P.P6-amd64",
                "SPDXRef-swift-swift-log",
            ])
        #expect((json?["relationships"] as? [Any])?.count == 4)
    }

    @Test("licences are named where a package names them")
    func licences() {
        let packages = InstalledPackage.debian(status: Self.status)
        let list = LicenceList(of: packages) { name in
            name == "base-files"
                ? "Format: https://x\n\nFiles: *\nLicense: GPL-2+\n text\n\nLicense: BSD-3-clause\n" : "free"
        }
        #expect(
            list.text == """
                base-files 12.4+deb12u11: BSD-3-clause, GPL-2+
                libstdc++6 12.2.0-14+deb12u1: see /usr/share/doc/libstdc++6/copyright

                """)
    }

    @Test("an image says what it is, and reads that back")
    func identity() throws {
        let plan = try ImageFixture.plan(.arm64)
        let map = BlockMap(size: plan.layout.size, digest: "ab", ranges: [])
        let identity = ImageIdentity(plan, version: "0.1.0", map: map, packages: 3)
        #expect(try ImageIdentity(json: identity.json) == identity)
        #expect(identity.partitions.filter(\.isEmpty).map(\.name) == ["boot-b", "root-b"])
        #expect(throws: Failure.self) { try ImageIdentity(json: Array("[]".utf8)) }
        for change: (inout ImageIdentity) -> Void in [
            { $0.size = .max }, { $0.partitions[2].start = .max }, { $0.partitions[2].sectors = .max },
            { $0.partitions[0].sectors = 0 },
        ] {
            var wrong = identity
            change(&wrong)
            let json = try wrong.json
            #expect(throws: Failure.self) { try ImageIdentity(json: json) }
        }
    }

    @Test("a stub that is none makes no program of EFI")
    func stub() throws {
        let kernel = UnifiedKernel(stub: "/s", kernel: "/k", initramfs: "/i", commandLine: "/c", output: "/o")
        let sizes = UnifiedKernel.Sizes(commandLine: 100, kernel: 8_000_000, initramfs: 20_000_000)
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            var bytes = (0..<Int.random(in: 0...400, using: &generator)).map { _ in UInt8.random(in: 0...255) }
            if bytes.count > 64 { bytes.replaceSubrange(0..<2, with: "MZ".utf8) }
            #expect(throws: Failure.self) { try kernel.command(stub: bytes, sizes: sizes) }
        }
    }

    @Test("the sections of a program of EFI follow each other, aligned")
    func sections() throws {
        var stub = [UInt8](repeating: 0, count: 512)
        func put(_ bytes: [UInt8], at place: Int) { stub.replaceSubrange(place..<place + bytes.count, with: bytes) }
        put(Array("MZ".utf8), at: 0)
        put([0x80], at: 0x3C)
        put([0x50, 0x45, 0, 0], at: 0x80)
        put([1, 0], at: 0x86)
        put([0xF0, 0], at: 0x94)
        put([0x0B, 0x02], at: 0x98)
        put([0, 0x10, 0, 0], at: 0x98 + 32)
        put([0x01, 0x20, 0, 0, 0, 0x10, 0, 0], at: 0x98 + 0xF0 + 8)
        let kernel = UnifiedKernel(stub: "/s", kernel: "/k", initramfs: "/i", commandLine: "/c", output: "/o")
        let command = try kernel.command(
            stub: stub, sizes: .init(commandLine: 4097, kernel: 4096, initramfs: 1))
        #expect(
            command.arguments.filter { $0.contains("=0x") } == [".cmdline=0x4000", ".linux=0x6000", ".initrd=0x7000"])
    }
}
