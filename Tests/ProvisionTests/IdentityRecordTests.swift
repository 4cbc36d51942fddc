import Platform
import Provision
import Site
import TestSupport
import Testing

@Suite("The record of a unit")
struct IdentityRecordTests {
    private func record() throws -> UnitRecord {
        var random = SystemRandomNumberGenerator()
        var record = UnitRecord(
            unit: try #require(UnitID("pi-7k3m92qf")), board: BoardSerial("10000000a1b2c3d4"),
            macs: ["b8:27:eb:01:02:03"], now: 1_795_867_200_000, random: &random)
        record.site = "Trailer 42"
        record.deployment = "acme-2026-03"
        record.key = SigningKey().fingerprint
        record.certificate = CertificateSerial("41:02:03")
        record.image = "picli 1.0"
        return record
    }

    @Test("what is written is read")
    func roundTrip() throws {
        let record = try record()
        let json = try record.json()
        #expect(try UnitRecord(json: json, name: "unit.json") == record)
        let text = String(decoding: json, as: UTF8.self)
        #expect(text.contains("\"schema\" : 1") && text.contains("\"created\" : \"2026-11-28T12:00:00.000Z\""))
        #expect(text.contains("\"unit\" : \"pi-7k3m92qf\"") && text.hasSuffix("}\n"))
    }

    @Test("keys of a later version survive being written by this one")
    func unknownKeys() throws {
        let text = String(decoding: try record().json(), as: UTF8.self)
        let later = text.replacing(
            "{\n  \"board\"", with: "{\n  \"antenna\" : {\"gain\":[1,2.5,null,true,\"x\"]},\n  \"board\"")
        #expect(later != text)
        var read = try UnitRecord(json: Array(later.utf8), name: "unit.json")
        read.site = "Trailer 43"
        let written = String(decoding: try read.json(), as: UTF8.self)
        #expect(written.contains("\"antenna\"") && written.contains("2.5") && written.contains("null"))
        #expect(written.contains("Trailer 43"))
    }

    @Test(
        "a later schema and a missing or wrong part are told apart",
        arguments: [
            ("\"schema\" : 1", "\"schema\" : 2", "identity.newer"), ("\"unit\"", "\"unti\"", "identity.unreadable"),
            ("pi-7k3m92qf", "Pi 7", "identity.unreadable"), ("\"history\"", "\"histroy\"", "identity.unreadable"),
            ("2026-11-28T12:00:00.000Z", "yesterday", "identity.unreadable"),
            ("sha256:", "md5:", "identity.unreadable"),
            ("10000000a1b2c3d4", "a b", "identity.unreadable"),
        ])
    func wrong(part: String, other: String, code: String) throws {
        let text = String(decoding: try record().json(), as: UTF8.self).replacing(part, with: other)
        #expect(failureCode { _ = try UnitRecord(json: Array(text.utf8), name: "unit.json") } == code)
    }

    @Test("garbage is a failure, and never more")
    func garbage() throws {
        let json = try record().json()
        var random = SeededGenerator(seed: 7)
        for _ in 0..<2000 {
            var bytes = json
            for _ in 0..<3 {
                bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random)
            }
            bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
            let code = failureCode { _ = try UnitRecord(json: bytes, name: "unit.json") }
            #expect(["identity.unreadable", "identity.newer", nil].contains(code))
        }
        for bytes in [
            [], Array("[]".utf8), Array(repeating: UInt8(ascii: "["), count: 60_000),
            Array(repeating: 32, count: 70_000),
        ] {
            #expect(failureCode { _ = try UnitRecord(json: bytes, name: "unit.json") } == "identity.unreadable")
        }
    }

    @Test("a reclaimed unit has a new ID and new databases that name the old ones, and neither key nor certificate")
    func reclaimed() throws {
        let old = try record()
        var random = SystemRandomNumberGenerator()
        let board = try #require(BoardSerial("10000000ffffffff"))
        let new = old.reclaimed(board: board, now: 1_800_000_000_000, random: &random)
        #expect(new.unit != old.unit && new.previousUnit == old.unit)
        #expect(new.key == nil && new.certificate == nil && new.board == board)
        for kind in UnitDatabase.allCases {
            #expect(new.databases[kind]?.predecessor == old.databases[kind]?.id)
            #expect(new.databases[kind]?.id != old.databases[kind]?.id)
        }
        #expect(Set(new.databaseIDs).count == 3 && new.site == old.site && new.image == old.image)
        let given = try #require(UnitID("pi-given"))
        #expect(old.reclaimed(unit: given, board: nil, now: 0, random: &random).unit == given)
    }

    @Test("a card is in its own board, in another, or nothing can be said")
    func clone() throws {
        let (first, second) = (try #require(BoardSerial("1a")), try #require(BoardSerial("1b")))
        #expect(CloneCheck(recorded: first, found: first) == .same)
        #expect(CloneCheck(recorded: first, found: second) == .clone(recorded: first, found: second))
        #expect(CloneCheck(recorded: first, found: nil) == .noSerial)
        #expect(CloneCheck(recorded: nil, found: second) == .noSerial)
    }

    @Test(
        "the serial number of a board is in the device tree, or among the processors",
        arguments: [
            ("10000000A1B2C3D4\u{0}", nil, "10000000a1b2c3d4"),
            (
                nil, "processor\t: 0\n\nHardware\t: BCM2835\nSerial\t\t: 00000000a1b2c3d4\nModel\t: Pi\n",
                "00000000a1b2c3d4"
            ),
            ("0000000000000000\u{0}", "Serial\t\t: 00000000a1b2c3d4\n", "00000000a1b2c3d4"),
            ("\u{0}", nil, nil), (nil, "processor : 0\n", nil), (nil, "Serial\t\t: 0000000000000000\n", nil),
            (nil, nil, nil),
            ("a\nb", nil, nil),
        ] as [(String?, String?, String?)])
    func boardSerial(tree: String?, processors: String?, expected: String?) {
        let root = TemporaryDirectory()
        if let tree { root.write(tree, to: "proc/device-tree/serial-number") }
        if let processors { root.write(processors, to: "proc/cpuinfo") }
        #expect(BoardSerial.ofBoard(root: root.path)?.description == expected)
    }

    @Test(
        "URIs of units and databases are read back, others are not",
        arguments: [
            "urn:picli:unit:", "urn:picli:unit:Pi", "urn:uuid:", "urn:uuid:x", "URN:picli:unit:pi-a", "https://pi-a",
        ])
    func uris(text: String) throws {
        #expect(IdentityURI.unit(in: text) == nil && IdentityURI.database(in: text) == nil)
        let unit = try #require(UnitID("pi-a"))
        #expect(IdentityURI.unit(in: IdentityURI.unit(unit)) == unit)
        let database = try #require(DatabaseID("0193a5b0-1c2d-7e3f-8a4b-5c6d7e8f9a0b"))
        #expect(IdentityURI.database(in: IdentityURI.database(database)) == database)
    }
}
