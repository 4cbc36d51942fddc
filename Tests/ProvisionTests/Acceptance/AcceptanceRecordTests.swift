import Foundation
import Platform
import Provision
import TestSupport
import Testing

@Suite("The record of an acceptance")
struct AcceptanceRecordTests {
    private let folder = TemporaryDirectory()
    private let board = AcceptanceRecord.Subject(board: "Pi 4, 1", image: "picli 0.1.0", kernel: "6.12")

    private func entry(
        _ item: String = "relays-first", _ outcome: AcceptanceRecord.Outcome = .passed, evidence: String = "lit",
        time: String = "2026-03-01T08:00:00.000Z", on subject: AcceptanceRecord.Subject? = nil
    ) -> AcceptanceRecord.Entry {
        .init(item: item, outcome: outcome, evidence: evidence, by: "anna", time: time, subject: subject ?? board)
    }

    @Test("the newest word counts, and the same word again is none")
    func newest() {
        var record = AcceptanceRecord()
        #expect(record.latest(of: "relays-first", on: board) == nil)
        let news = [
            record.note(entry()), record.note(entry(time: "2026-03-02T08:00:00.000Z")),
            record.note(entry("relays-first", .failed, evidence: "dark")),
        ]
        #expect(news == [true, false, true])
        #expect(record.latest(of: "relays-first", on: board)?.outcome == .failed)
        #expect(record.entries.count == 2)
    }

    @Test("another board, or another image, is open again")
    func others() {
        var record = AcceptanceRecord()
        record.note(entry())
        for change: (inout AcceptanceRecord.Subject) -> Void in [
            { $0.board = "Pi 4, 2" }, { $0.image = "picli 0.2.0" }, { $0.kernel = "6.13" },
        ] {
            var other = board
            change(&other)
            #expect(record.latest(of: "relays-first", on: other) == nil)
        }
    }

    @Test("is read as it was kept, and does not grow for ever")
    func kept() throws {
        folder.write("", to: "var/lib/picli/x")
        let root = try SystemRoot(folder.path)
        #expect(try AcceptanceRecord(in: root).entries.isEmpty)
        var record = AcceptanceRecord()
        for number in 0..<600 { record.note(entry(evidence: "\(number)")) }
        #expect(record.entries.count == 500 && record.entries.last?.evidence == "599")
        try record.save(in: root)
        #expect(try AcceptanceRecord(in: root) == record)
    }

    @Test("one that is damaged is told, and stays where it is")
    func damaged() throws {
        folder.write("{", to: "var/lib/picli/acceptance.json")
        let root = try SystemRoot(folder.path)
        #expect { try AcceptanceRecord(in: root) } throws: { ($0 as? Failure)?.code == "acceptance.unreadable" }
        #expect(root.exists(AcceptanceRecord.path))
    }

    @Test("where it cannot be kept is told")
    func unkept() throws {
        let root = try SystemRoot(folder.path)
        #expect { try AcceptanceRecord().save(in: root) } throws: { ($0 as? Failure)?.code == "acceptance.write" }
    }
}
