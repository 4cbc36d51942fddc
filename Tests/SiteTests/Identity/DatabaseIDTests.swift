import Foundation
import Site
import TestSupport
import Testing

@Suite("Database IDs")
struct DatabaseIDTests {
    @Test("the example of RFC 9562, A.6, reads and writes back")
    func example() throws {
        let id = try #require(DatabaseID("017F22E2-79B0-7CC3-98C4-DC0C0C07398F"))
        #expect(id.description == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
        #expect(Array(id.bytes[0..<6]) == [0x01, 0x7F, 0x22, 0xE2, 0x79, 0xB0])
    }

    @Test("a new ID carries its time, version 7 and variant 10, and differs from the next of the same millisecond")
    func new() throws {
        var random = SeededGenerator(seed: 1)
        var seen: Set<DatabaseID> = []
        for _ in 0..<500 {
            // The time of RFC 9562's example: 2022-02-22T19:22:22Z.
            let id = DatabaseID(milliseconds: 1_645_557_742_000, random: &random)
            #expect(id.description.hasPrefix("017f22e2-79b0-7"))
            #expect(id.bytes[8] >> 6 == 0b10)
            #expect(DatabaseID(id.description) == id)
            #expect(seen.insert(id).inserted)
        }
    }

    @Test("IDs sort by their time as texts")
    func order() {
        var random = SeededGenerator(seed: 2)
        let texts = (0..<200).map { DatabaseID(milliseconds: 1_700_000_000_000 + $0 * 7, random: &random).description }
        #expect(texts == texts.sorted())
    }

    @Test("a clock before 1970 gives time 0, not a crash")
    func negativeTime() {
        var random = SeededGenerator(seed: 3)
        #expect(DatabaseID(milliseconds: -1, random: &random).description.hasPrefix("00000000-0000-7"))
    }

    @Test(
        "anything else is refused",
        arguments: [
            "", "017F22E2-79B0-4CC3-98C4-DC0C0C07398F", "017F22E2-79B0-7CC3-18C4-DC0C0C07398F",
            "017F22E279B07CC398C4DC0C0C07398F", "017F22E2-79B0-7CC3-98C4-DC0C0C07398",
            "017F22E2-79B0-7CC3-98C4-DC0C0C07398G",
            "{017F22E2-79B0-7CC3-98C4-DC0C0C07398F}", "017F22E2-79B0-7CC3-98C4-DC0C0C0739８", "----",
        ])
    func refused(text: String) {
        #expect(DatabaseID(text) == nil)
    }

    @Test("in JSON it is its text, and a wrong one is an error")
    func json() throws {
        let id = try #require(DatabaseID("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"))
        let row = RowID(database: id, sequence: 42)
        let data = try JSONEncoder().encode(row)
        #expect(try JSONDecoder().decode(RowID.self, from: data) == row)
        #expect(String(decoding: data, as: UTF8.self).contains("\"017f22e2-79b0-7cc3-98c4-dc0c0c07398f\""))
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(DatabaseID.self, from: Data("\"017f22e2\"".utf8))
        }
    }
}
