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
        let proof = try await store.journal.auditProof()
        #expect(proof == AuditProof(count: 30, newest: page.entries.last?.digest, faults: []))
        let middle = try await store.journal.audit(AuditQuery(limit: 5, after: page.entries[9].id.sequence))
        #expect(middle.entries == Array(page.entries[10..<15]) && middle.faults.isEmpty)
        await store.close()
    }

    @Test("what came with a token is found by the token's name and by its owner's, whole names alone")
    func tokens() async throws {
        let place = try Workplace()
        let store = await place.open()
        let anna = try #require(UserName("anna"))
        let actors = [
            AuditEntry.actor(anna, token: nil), AuditEntry.actor(anna, token: "nemo"),
            AuditEntry.actor(anna, token: "Büro (token 2)"), "ann",
        ]
        for (index, actor) in actors.enumerated() {
            let entry = AuditEntry(
                time: .first.after(Int64(index) * 1000), actor: actor, origin: "::1", action: .init("relay.on"),
                subject: "lamp")
            try await store.journal.write([], audit: [entry])
        }
        func found(_ who: String) async throws -> [String] {
            try await store.journal.audit(AuditQuery(who: who)).entries.map(\.entry.actor).reversed()
        }
        #expect(try await found("nemo") == ["anna (token nemo)"])
        #expect(try await found("NEMO") == ["anna (token nemo)"])
        #expect(try await found("Büro (token 2)") == ["anna (token Büro (token 2))"])
        #expect(try await found("anna") == Array(actors.prefix(3)))
        #expect(try await found("anna (token nemo)") == ["anna (token nemo)"])
        #expect(try await found("ann") == ["ann"])
        for nobody in ["nem", "emo", "token", "nemo)", ""] { #expect(try await found(nobody) == [], "\(nobody)") }
        await store.close()
    }

    @Test("entries are asked for newest first, by who, what and when, in pages")
    func queries() async throws {
        let place = try Workplace()
        let store = await place.open()
        let deeds: [(String, AuditEntry.Action, String)] = [
            ("anna", .loginSucceeded, "anna"), ("anna", .userAdded, "bert"), ("?", .loginFailed, "?"),
            ("bert", .loginSucceeded, "bert"), ("anna", .tokenCreated, "Dashboard"),
        ]
        for (index, deed) in deeds.enumerated() {
            let entry = AuditEntry(
                time: .first.after(Int64(index) * 1000), actor: deed.0, origin: index == 2 ? "203.0.113.7" : "::1",
                action: deed.1, subject: deed.2)
            try await store.journal.write([], audit: [entry])
        }
        func found(_ query: AuditQuery) async throws -> [Int64] {
            let page = try await store.journal.audit(query)
            #expect(page.faults.isEmpty)
            return page.entries.map { $0.id.sequence }
        }
        let first = try #require(try await found(.whole).first)
        func numbers(_ query: AuditQuery) async throws -> [Int64] { try await found(query).map { $0 - first } }
        #expect(try await numbers(AuditQuery()) == [4, 3, 2, 1, 0])
        #expect(try await numbers(AuditQuery(who: "BERT")) == [3, 1])
        #expect(try await numbers(AuditQuery(who: "dashboard")) == [4])
        #expect(try await numbers(AuditQuery(who: "203.0.113.7")) == [2])
        #expect(try await numbers(AuditQuery(what: "login")) == [3, 2, 0])
        #expect(try await numbers(AuditQuery(what: "login.failed")) == [2])
        #expect(try await numbers(AuditQuery(what: "log")) == [])
        #expect(try await numbers(AuditQuery(who: "ann%")) == [])
        let start = Timestamp.first.wall
        #expect(try await numbers(AuditQuery(from: start + 1000, to: start + 3000)) == [2, 1])
        #expect(try await numbers(AuditQuery(who: "anna", after: first)) == [1, 4])
        let page = try await store.journal.audit(AuditQuery(what: "login", limit: 2))
        #expect(page.next == first + 2)
        #expect(try await numbers(AuditQuery(what: "login", limit: 2, before: page.next)) == [0])
        await #expect(throws: StoreError.self) { try await store.journal.audit(AuditQuery(limit: 0)) }
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
        let faults = try await store.journal.audit().faults
        #expect(!faults.isEmpty)
        #expect(try await store.journal.auditProof().faults == faults)
        // In whatever pages it is read, and by whom it is filtered.
        for query in [AuditQuery(limit: 3), AuditQuery(limit: 3, after: 0), AuditQuery(who: "bert 9", limit: 1)] {
            var (query, found) = (query, Set<AuditFault>())
            repeat {
                let page = try await store.journal.audit(query)
                found.formUnion(page.faults)
                if query.after == nil { query.before = page.next } else { query.after = page.next }
                if page.next == nil { break }
            } while true
            #expect(found == Set(faults), "\(query)")
        }
        await store.close()
    }
}
