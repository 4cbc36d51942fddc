import Foundation
import GRDB
import Site
import Testing

@testable import Store

@Suite("Users and the audit log")
struct AccountTests {
    private func account(_ id: Int64, _ name: String, factor: Bool = false) throws -> Account {
        Account(
            id: id, name: try #require(UserName(name)), role: .operator, password: "$scrypt$…", isDisabled: id == 2,
            created: 1_790_000_000_000, lastLogin: id == 1 ? nil : 1_790_000_001_000,
            secondFactor: factor
                ? .init(secret: [1, 2, 3], lastStep: 7, recovery: [[UInt8](repeating: 9, count: 32), Array(0..<32)])
                : nil)
    }

    private func entry(_ number: Int) -> AuditEntry {
        AuditEntry(
            time: .first.after(Int64(number) * 1000), actor: "anna", origin: "192.0.2.7", action: .userChanged,
            subject: "bert \(number)", details: number.isMultiple(of: 2) ? nil : "details")
    }

    private var time: Timestamp { .first.after(5000) }

    @Test("users, sessions and tokens come back as they were stored; what was removed does not")
    func roundTrip() async throws {
        let place = try Workplace()
        var store = await place.open()
        let session = Session(
            id: 3, account: 1, hash: Array(0..<32), begun: time, seen: time, authenticated: time, address: "::1",
            agent: "a \u{1F512} browser")
        let token = APIToken(
            id: 4, account: 1, hash: Array(32..<64), name: "dashboard", role: .viewer, created: 1, expires: nil,
            lastUse: 5)
        let changes: [AccountBook.Change] = [
            .account(try account(1, "anna", factor: true)), .account(try account(2, "bert")), .session(session),
            .token(token),
        ]
        var book = AccountBook()
        for change in changes { book.apply(change) }
        try await store.journal.write(changes, audit: [entry(1)])
        await store.close()
        store = await place.open()
        #expect(try await store.journal.book() == book)
        try await store.journal.write([.accountRemoved(2), .sessionEnded(3), .tokenRevoked(4)], audit: [])
        let left = try await store.journal.book()
        #expect(left.accounts.keys.sorted() == [1] && left.sessions.isEmpty && left.tokens.isEmpty)
        await store.close()
    }

    @Test("changes and their entry are stored together or not at all")
    func together() async throws {
        let place = try Workplace()
        let store = await place.open()
        try await store.journal.write([.account(try account(1, "anna"))], audit: [entry(1)])
        // Two users of one name.
        await #expect(throws: StoreError.self) {
            try await store.journal.write(
                [.account(try account(2, "carl")), .account(try account(3, "carl"))], audit: [])
        }
        #expect(try await store.journal.book().accounts.count == 1)
        #expect(try await store.journal.audit().entries.count == 1)
        await store.close()
    }

    @Test("the chain of entries holds over restarts, in pages, and beside events")
    func chain() async throws {
        let place = try Workplace()
        for round in 0..<3 {
            let store = await place.open()
            for number in 0..<5 { try await store.journal.write([], audit: [entry(round * 10 + number), entry(99)]) }
            await store.close()
        }
        let store = await place.open()
        let page = try await store.journal.audit()
        #expect(page.entries.count == 30 && page.faults.isEmpty)
        #expect(page.entries.first?.entry == entry(0) && Set(page.entries.map(\.digest)).count == 30)
        let middle = try await store.journal.audit(from: page.entries[10].id.sequence, limit: 5)
        #expect(middle.entries == Array(page.entries[10..<15]) && middle.faults.isEmpty)
        await store.close()
    }

    /// An intruder who knows the form of the file, and its checksums, too.
    @Test("an entry that was altered, removed or put between is found", arguments: ["text", "gone", "between", "sum"])
    func altered(_ how: String) async throws {
        let place = try Workplace()
        var store = await place.open()
        for number in 0..<10 { try await store.journal.write([], audit: [entry(number)]) }
        await store.close()
        let queue = try DatabaseQueue(path: place.journal)
        try await queue.write { db in
            let rows = try Row.fetchAll(db, sql: "SELECT \(Table.audit.list) FROM audit ORDER BY sequence")
                .compactMap { StoredRow(.audit, $0) }
            var row = rows[4]
            switch how {
            case "text":
                row.values[7] = "carl".databaseValue
                try row.replace(in: db)
            case "gone": try db.execute(sql: "DELETE FROM audit WHERE sequence = ?", arguments: [row.id])
            case "between":
                let forged = StoredRow(
                    .audit, id: rows[9].id + 1, row.values.map { $0 as (any DatabaseValueConvertible)? })
                try forged.insert(into: db)
            default: try db.execute(sql: "UPDATE audit SET actor = 'carl' WHERE sequence = ?", arguments: [row.id])
            }
        }
        try queue.close()
        store = await place.open()
        let page = try await store.journal.audit()
        #expect(!page.faults.isEmpty)
        await store.close()
    }
}
