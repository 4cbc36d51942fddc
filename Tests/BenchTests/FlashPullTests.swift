import Bench
import Foundation
import Provision
import TestSupport
import Testing

/// With a block device that is gone from one moment to the next, as the kernel has it.
@Suite("A card that is pulled out", .bench)
struct FlashPullTests {
    private static let megabytes = 96

    /// An image that is full of something, with the papers that flash reads.
    private func image(in folder: URL) throws -> URL {
        var generator = SeededGenerator(seed: 11)
        let words = (0..<1 << 17).map { _ in generator.next() | 0x0101_0101_0101_0101 }
        let megabyte = words.withUnsafeBytes { Data($0) }
        let file = folder.appending(path: "x.img")
        try (0..<Self.megabytes).reduce(into: Data()) { all, _ in all += megabyte }.write(to: file)
        let map = try BlockMap(reading: file.path)
        try Data(map.xml.utf8).write(to: folder.appending(path: "x.img.bmap"))
        let identity = """
            {"schema": 1, "name": "picli", "version": "0.1.0", "architecture": "amd64", "base": "debian",
             "release": "bookworm", "file": "x.img", "size": \(map.size), "sha256": "\(map.digest)", "packages": 0,
             "partitions": [],
             "provisioning": {"schema": 1, "partition": "bootconfig", "archive": "picli-card.tar"}}
            """
        try Data(identity.utf8).write(to: folder.appending(path: "x.img.json"))
        return file
    }

    /// A disk that is larger, and begins and ends with something else.
    private func disk(in folder: URL) throws -> URL {
        let disk = try USB.image(megabytes: Self.megabytes + 32, in: folder)
        let file = try FileHandle(forWritingTo: disk)
        let other = Data(repeating: 0x5A, count: 1 << 20)
        try file.write(contentsOf: other)
        try file.seek(toOffset: UInt64(Self.megabytes + 31) << 20)
        try file.write(contentsOf: other)
        try file.close()
        return disk
    }

    /// Where the kernel has put a drive.
    private func path(of drive: Drive, _ bench: Bench) async throws -> String {
        let link = "/dev/disk/by-id/usb-*_\(drive.name)-0:0"
        try await eventually("the drive is there") { try await bench.status("test -b \(link)").status == 0 }
        return try await bench.run("readlink -f \(link)")
    }

    private func read(_ file: URL, from megabyte: Int, count: Int) throws -> Data {
        let file = try FileHandle(forReadingFrom: file)
        try file.seek(toOffset: UInt64(megabyte) << 20)
        return try file.read(upToCount: count << 20) ?? Data()
    }

    /// Begins to write; its end is in `/tmp/end`, and what it says in `/tmp/said`.
    private func begin(_ bench: Bench, onto disk: String) async throws {
        try await bench.run("rm -f /tmp/end /tmp/said")
        try await bench.run(
            "(picli image flash /share/x.img --disk \(disk) --yes --json; echo $? > /tmp/end) "
                + "< /dev/null > /dev/null 2> /tmp/said &")
    }

    private func end(_ bench: Bench) async throws -> (status: String, said: String) {
        try await eventually("flash has ended", within: .seconds(300), poll: .milliseconds(200)) {
            try await bench.status("test -s /tmp/end").status == 0
        }
        return (try await bench.run("cat /tmp/end"), try await bench.run("cat /tmp/said"))
    }

    @Test("is told, looks like no card, and is written by the same command when it is back")
    func pulled() async throws {
        try await Bench.resume { bench in
            let image = try image(in: bench.share)
            let disk = try disk(in: bench.share)
            let card = try await bench.usb.plug(disk, as: "card")
            try await begin(bench, onto: try await path(of: card, bench))
            try await eventually("some of it is written", within: .seconds(120), poll: .milliseconds(50)) {
                try await bench.run("cat /tmp/said").contains(" of \(Self.megabytes) MiB")
            }
            try await card.yank()
            let first = try await end(bench)
            #expect(first.status == "1", "\(first)")
            let failure = first.said.split(separator: "\n").last.map(String.init) ?? ""
            #expect(failure.contains("\"flash.gone\""), "\(first)")
            // Neither what was there before, nor half of an image.
            for place in [0, Self.megabytes + 31] {
                let bytes = try read(disk, from: place, count: 1)
                #expect(bytes.count == 1 << 20 && bytes.allSatisfy { $0 == 0 }, "at \(place) MiB")
            }
            let again = try await bench.usb.plug(disk, as: "again")
            try await begin(bench, onto: try await path(of: again, bench))
            let second = try await end(bench)
            #expect(second.status == "0", "\(second)")
            try await again.yank()
            #expect(try read(disk, from: 0, count: Self.megabytes) == Data(contentsOf: image))
        }
    }
}
