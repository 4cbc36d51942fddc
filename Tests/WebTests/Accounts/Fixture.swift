import Foundation
import Site
import Synchronization

@testable import Web

/// Accounts over a store in memory, with hashes that cost nothing.
struct Fixture {
    final class Memory: AccountStore {
        private let state = Mutex((book: AccountBook(), entries: [AuditEntry](), isFull: false))

        var entries: [AuditEntry] { state.withLock { $0.entries } }
        var written: AccountBook { state.withLock { $0.book } }
        func fill(_ isFull: Bool) { state.withLock { $0.isFull = isFull } }

        func book() async throws -> AccountBook { written }

        func write(_ changes: [AccountBook.Change], audit: [AuditEntry]) async throws {
            struct Full: Error {}
            // A disk takes its time: others come between.
            for _ in 0..<Int.random(in: 0...5) { await Task.yield() }
            try state.withLock { state in
                guard !state.isFull else { throw Full() }
                for change in changes { state.book.apply(change) }
                state.entries += audit
            }
        }
    }

    final class Time: Sendable {
        private let state = Mutex(Timestamp(wall: 1_790_000_000_000, boot: 3, monotonic: 1_000_000, isTrusted: true))
        var now: Timestamp { state.withLock { $0 } }

        func pass(seconds: Int64, wall: Int64? = nil) {
            state.withLock { time in
                time.monotonic += seconds * 1000
                time.wall += (wall ?? seconds) * 1000
            }
        }
    }

    let memory = Memory()
    let time = Time()
    let accounts: Accounts

    static let cost = PasswordHash.Cost(logarithm: 4, blockSize: 1, parallelism: 1)
    static let anna = Origin(actor: "nobody", address: "192.0.2.7", agent: "test")
    static let password = "four words of hers"

    init() {
        accounts = Accounts(
            memory, setup: SetupSecret(admits: { $0 == "TOKEN" }, forget: {}),
            rule: PasswordRule(common: { _ in [] }), cost: Self.cost, now: { [time] in time.now })
    }

    func setUp() async throws -> Accounts.Admission {
        try await accounts.setUp(token: "TOKEN", name: "Anna", password: Self.password, from: Self.anna)
    }

    func code(_ body: () async throws -> some Any) async -> String? {
        do {
            _ = try await body()
            return nil
        } catch {
            return (error as? Problem)?.code ?? "\(error)"
        }
    }
}
