import Foundation
import Platform
import Site
import TestSupport
import Testing

@testable import Provision

@Suite("The partition table of an image")
struct PartitionTableTests {
    static let layout = ImageLayout(ImageRecipe(name: "picli"), for: .arm64)
    private var table: PartitionTable { Self.layout.table }

    /// A file with the table's two copies, and nothing between them.
    private func disk(_ table: PartitionTable, in folder: TemporaryDirectory) throws -> String {
        let path = "\(folder.path)/disk.img"
        let assembly = DiskAssembly(table: table, output: path, parts: [:])
        try DiskWriter.write(assembly)
        try FileManager.default.moveItem(atPath: assembly.partial, toPath: path)
        return path
    }

    @Test("the checksum is that of the standard's example")
    func checksum() { #expect(CRC32.of(Array("123456789".utf8)) == 0xCBF4_3926) }

    @Test("a GUID is shown as it was given")
    func guid() throws {
        let text = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b"
        let guid = try #require(PartitionGUID(text.uppercased()))
        #expect(guid.description == text)
        #expect(guid.bytes.prefix(6) == [0x28, 0x73, 0x2A, 0xC1, 0x1F, 0xF8])
        #expect(PartitionGUID("c12a7328") == nil)
        #expect(PartitionGUID("z12a7328-f81f-11d2-ba4b-00a0c93ec93b") == nil)
    }

    @Test("what is written is read")
    func roundTrip() throws {
        #expect(try PartitionTable(head: table.head) == table)
        #expect(table.partitions.map(\.name) == ["bootconfig", "boot-a", "boot-b", "root-a", "root-b", "data"])
        #expect(table.partitions.allSatisfy { $0.start.isMultiple(of: 2048) && $0.count.isMultiple(of: 2048) })
    }

    @Test("sfdisk finds nothing to complain about, and the same partitions")
    func secondOpinion() throws {
        let folder = TemporaryDirectory()
        let path = try disk(table, in: folder)
        let verified = try ForeignProgram.run("/usr/sbin/sfdisk", ["--verify", path])
        #expect(verified.status == 0, "\(verified)")
        let dump = try ForeignProgram.run("/usr/sbin/sfdisk", ["--json", path])
        struct Answer: Decodable {
            struct Table: Decodable {
                struct Partition: Decodable {
                    let start: UInt64
                    let size: UInt64
                    let name: String
                }
                let label: String
                let partitions: [Partition]
            }
            let partitiontable: Table
        }
        let json = dump.output[(dump.output.firstIndex(of: "{") ?? dump.output.startIndex)...]
        let answer = try JSONDecoder().decode(Answer.self, from: Data(json.utf8)).partitiontable
        #expect(answer.label == "gpt")
        #expect(answer.partitions.map(\.name) == table.partitions.map(\.name))
        #expect(answer.partitions.map(\.start) == table.partitions.map(\.start))
        #expect(answer.partitions.map(\.size) == table.partitions.map(\.count))
    }

    @Test("the boot record names the three FAT partitions by the same numbers, then protects the table")
    func hybrid() {
        let entries = (0..<4).map { Array(table.head[446 + $0 * 16..<462 + $0 * 16]) }
        #expect(entries.map { $0[4] } == [0x0C, 0x0C, 0x0C, 0xEE])
        for (entry, partition) in zip(entries, table.partitions) where entry[4] == 0x0C {
            #expect(LittleEndian.number(entry[8..<12]) as UInt32 == UInt32(partition.start))
            #expect(LittleEndian.number(entry[12..<16]) as UInt32 == UInt32(partition.count))
        }
        #expect(LittleEndian.number(entries[3][8..<12]) as UInt32 == 1)
        #expect(LittleEndian.number(entries[3][12..<16]) as UInt32 == UInt32(table.partitions[0].start - 1))
    }

    @Test("on a larger card the last partition reaches the end, and sfdisk agrees", arguments: [3, 8, 64] as [UInt64])
    func grown(gibibytes: UInt64) throws {
        let grown = table.grown(to: gibibytes << 21)
        let last = try #require(grown.partitions.last)
        #expect(last.start + last.count > grown.sectors - 4097)
        #expect(last.start + last.count - 1 <= grown.lastUsable)
        #expect(grown.partitions.dropLast() == table.partitions.dropLast())
        #expect(grown.grown(to: gibibytes << 21) == grown)
        let folder = TemporaryDirectory()
        let verified = try ForeignProgram.run("/usr/sbin/sfdisk", ["--verify", try disk(grown, in: folder)])
        #expect(verified.status == 0, "\(verified)")
    }

    @Test("a card of the same size, or a smaller one, changes nothing")
    func notGrown() {
        #expect(table.grown(to: table.sectors) == table)
        #expect(table.grown(to: 100) == table)
    }

    @Test("every flipped bit of header and entries is noticed")
    func damaged() {
        for place in stride(from: 512, to: 2048, by: 7) where place < 604 || place >= 1024 {
            var head = table.head
            head[place] ^= 0x10
            #expect(throws: Failure.self, "byte \(place)") { try PartitionTable(head: head) }
        }
        for count in [0, 511, 512, 1024, 17_407] {
            #expect(throws: Failure.self) { try PartitionTable(head: Array(table.head.prefix(count))) }
        }
        #expect(throws: Failure.self) {
            try PartitionTable(head: [UInt8](repeating: 0xA5, count: PartitionTable.headSize))
        }
    }

    @Test("entries that lie are refused, with right checksums, too")
    func lies() {
        var outside = table
        outside.partitions[5].count = 1 << 40
        #expect(throws: Failure.self) { try PartitionTable(head: outside.head) }
        var empty = table
        empty.partitions[0].count = 0
        #expect(throws: Failure.self) { try PartitionTable(head: empty.head) }
    }
}
