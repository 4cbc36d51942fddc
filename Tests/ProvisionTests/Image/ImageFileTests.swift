import Foundation
import Glibc
import Platform
import Site
import TestSupport
import Testing

@testable import Provision

@Suite("An image and the files beside it")
struct ImageFileTests {
    private let folder = TemporaryDirectory()

    private func image() throws -> String { try ImageSample.make(in: folder).path }

    /// One other byte at a place.
    private func damage(_ path: String, at place: UInt64) throws {
        let file = try Descriptor(opening: path, O_WRONLY)
        try file.write([0xA5], at: place)
    }

    @Test("a whole image is whole")
    func whole() throws {
        let file = try ImageFile(image())
        #expect(try file.faults().isEmpty)
        #expect(file.identity.version == "0.1.0")
    }

    @Test(
        "one byte that differs is found, with the partition that it lies in",
        arguments: ["boot-a", "root-a", "root-b", "data"])
    func tampered(name: String) throws {
        let path = try image()
        let file = try ImageFile(path)
        let partition = try #require(file.identity.partitions.first { $0.name == name })
        try damage(path, at: partition.start * 512 + 777)
        let faults = try file.faults()
        #expect(faults.contains { $0.hasPrefix("Its SHA-256 is ") })
        #expect(faults.contains("What is in the partition '\(name)' is not what its block map says."))
        #expect(faults.count == 2, "\(faults)")
    }

    @Test("a damaged table, a shorter file, another checksum and a damaged map are told")
    func others() throws {
        let path = try image()
        let file = try ImageFile(path)
        try damage(path, at: 512 + 60)
        #expect(try file.faults().contains { $0.contains("the checksum of its header is wrong") })
        let short = try image()
        truncate(short, 1 << 20)
        #expect(try file.faults().first == "It has 1048576 bytes, and should have \(file.identity.size).")
        let other = try image()
        try Data("00  x\n".utf8).write(to: URL(filePath: other + ".sha256"))
        #expect(try file.faults().count == 1)
        try Data("<bmap>".utf8).write(to: URL(filePath: other + ".bmap"))
        #expect(try file.faults().contains { $0.hasPrefix("The block map cannot be used") })
        try FileManager.default.removeItem(atPath: other + ".bmap")
        #expect(try file.faults().contains { $0.contains(".bmap, which ships beside the image") })
    }

    @Test("what is no image, or has no papers, is refused")
    func refused() throws {
        func code(_ path: String) -> String? {
            do {
                _ = try ImageFile(path)
                return nil
            } catch { return error.code }
        }
        #expect(code("\(folder.path)/none.img") == "image.noImage")
        folder.write("x", to: "bare.img")
        #expect(code("\(folder.path)/bare.img") == "image.noPapers")
        folder.write("{}", to: "bare.img.json")
        #expect(code("\(folder.path)/bare.img") == "image.identity")
    }

    @Test("two images are compared by what is in them")
    func difference() throws {
        func package(_ name: String, _ version: String) -> InstalledPackage {
            InstalledPackage(kind: .debian, name: name, version: version, architecture: "arm64")
        }
        let old = try ImageSample.make(in: folder, packages: [package("libc6", "2.41-1"), package("gone", "1")])
        let new = try ImageSample.make(
            in: folder, "0.2.0", packages: [package("libc6", "2.41-2"), package("libstdc++6", "14")])
        let difference = try ImageDifference(from: old, to: new)
        #expect(difference.properties.map(\.name) == ["version"])
        #expect(difference.partitions.isEmpty)
        #expect(
            difference.software == [
                .init(name: "pkg:deb/debian/gone?arch=arm64", before: "1", after: nil),
                .init(name: "pkg:deb/debian/libc6?arch=arm64", before: "2.41-1", after: "2.41-2"),
                .init(name: "pkg:deb/debian/libstdc%2B%2B6?arch=arm64", before: nil, after: "14"),
            ])
        #expect(try ImageDifference(from: old, to: old).isEmpty)
    }
}
