import Foundation
import Glibc
import Platform
import Site
import Synchronization
import TestSupport
import Testing

@testable import Provision

/// Onto files, which take what a disk takes.
@Suite("Writing a card")
struct CardWriterTests {
    private let folder = TemporaryDirectory()
    private var disk: String { "\(folder.path)/disk" }

    /// A small image, and a disk that is larger and has something else on it.
    private func image() throws -> ImageFile {
        let image = try ImageSample.make(in: folder)
        try Data(repeating: 0x5A, count: Int(image.identity.size) + 3 << 20).write(to: URL(filePath: disk))
        return image
    }

    private func writer(_ image: ImageFile) -> CardWriter {
        CardWriter(image: image, disk: disk, progress: { _, _ in })
    }

    private func head() throws -> [UInt8] {
        let file = try Descriptor(opening: disk, O_RDONLY)
        return try file.readAll(limit: PartitionTable.headSize)
    }

    @Test("what the map lists is on the disk, and the table of before is nowhere")
    func written() throws {
        let image = try image()
        let said = Mutex<[UInt64]>([])
        let writer = CardWriter(image: image, disk: disk) { done, all in said.withLock { $0 += [done, all] } }
        try writer.write()
        try writer.readBack()
        #expect(try PartitionTable(head: head()).partitions.count == 6)
        let bytes = try Data(contentsOf: URL(filePath: disk))
        let original = try Data(contentsOf: URL(filePath: image.path))
        for range in try image.map().ranges {
            let place = Int(range.first) * 4096..<min((Int(range.last) + 1) * 4096, original.count)
            #expect(bytes[place] == original[place])
        }
        #expect(bytes.suffix(1 << 20).allSatisfy { $0 == 0 })
        // Zeros of file systems that are written to later, and the beginning of what is empty.
        for partition in image.identity.partitions where partition.name != "root-a" {
            let start = Int(partition.start) * 512
            let place = start..<start + min(Int(partition.sectors) * 512, partition.isEmpty ? 1 << 20 : .max)
            #expect(bytes[place] == original[place], "\(partition.name)")
        }
        let mapped = try image.map().mappedBytes
        #expect(said.withLock { $0.suffix(2) } == [mapped, mapped])
    }

    @Test("an image that is not as its map says leaves no card")
    func damagedImage() throws {
        let image = try image()
        let root = try #require(image.identity.partitions.first { $0.name == "root-a" })
        let file = try Descriptor(opening: image.path, O_WRONLY)
        try file.write([0xA5], at: root.start * 512 + 5)
        #expect { try writer(image).write() } throws: { ($0 as? Failure)?.code == "image.damaged" }
        #expect(try head().allSatisfy { $0 == 0 })
    }

    @Test("a disk that gives back something else is told")
    func faulty() throws {
        let image = try image()
        try writer(image).write()
        let root = try #require(image.identity.partitions.first { $0.name == "root-a" })
        let file = try Descriptor(opening: disk, O_WRONLY)
        try file.write([0xA5], at: root.start * 512 + 5)
        #expect { try writer(image).readBack() } throws: { ($0 as? Failure)?.code == "flash.differs" }
    }

    @Test("an end half way leaves no card")
    func interrupted() async throws {
        let image = try image()
        let task = Task { [disk] in
            try CardWriter(image: image, disk: disk) { _, _ in withUnsafeCurrentTask { $0?.cancel() } }.write()
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try head().allSatisfy { $0 == 0 })
    }

    @Test("a card that is pulled out while it is read back is told")
    func pulled() throws {
        let image = try image()
        try writer(image).write()
        let pulling = CardWriter(image: image, disk: disk) { [disk] _, _ in truncate(disk, 0) }
        #expect { try pulling.readBack() } throws: { ($0 as? Failure)?.code == "flash.gone" }
    }

    @Test("a disk that is not there, or is too small, is told")
    func troubles() throws {
        let image = try image()
        truncate(disk, 1000)
        #expect { try writer(image).write() } throws: { ($0 as? Failure)?.code == "flash.tooSmall" }
        unlink(disk)
        #expect { try writer(image).write() } throws: { ($0 as? Failure)?.code == "flash.gone" }
    }
}
