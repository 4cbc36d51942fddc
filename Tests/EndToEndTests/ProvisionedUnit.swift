import Foundation
import Logging
import Platform
import Site
import Store
import Testing
import Web

@testable import picli

/// A unit as provisioning leaves it, with an identity and a setup token, served over TLS on loopback.
struct ProvisionedUnit {
    let unit: Unit
    let port: Int
    /// Of the label.
    let token: String
    var address: String { "https://127.0.0.1:\(port)" }

    static let site = """
        site: { name: Trailer 42 }
        network: { unit: 192.0.2.10/24 }
        """
    /// Of all users that a test asks for.
    static let password = "four words of hers"

    /// Runs `body` with a unit that runs.
    ///
    /// - Parameters:
    ///   - users: Who may sign in; with an admin among them the setup token is gone.
    ///   - agents: What the browsers call themselves in which each of them is signed in.
    ///   - sessions: Made for the account of the first of them, at the time of the unit.
    static func with(
        site text: String = site, users: [(name: String, role: Role)] = [], agents: [[String]] = [],
        sessions: [(Int64, Timestamp) -> Session] = [], _ body: (ProvisionedUnit) async throws -> Void
    ) async throws {
        try await Unit.with { unit in
            let site = try unit.write(site: text)
            let token = try await provision(unit, site)
            if !users.isEmpty { try await add(users, agents, sessions, to: unit) }
            let port = try Unit.freePort()
            try await unit.start(["--site", site.path, "--simulate", "--listen", "https://127.0.0.1:\(port)"])
            try await body(ProvisionedUnit(unit: unit, port: port, token: token))
        }
    }

    /// - Returns: the setup token.
    private static func provision(_ unit: Unit, _ site: URL) async throws -> String {
        let card = unit.folder.appending(path: "card")
        for folder in ["etc", "boot/firmware"] {
            try FileManager.default.createDirectory(
                at: card.appending(path: folder), withIntermediateDirectories: true)
        }
        for (path, text) in [
            ("etc/rpi-issue", ""), ("etc/os-release", "ID=debian\n"), ("boot/firmware/config.txt", ""),
        ] {
            try Data(text.utf8).write(to: card.appending(path: path))
        }
        let made = try await Run.picli([
            "provision", "--root", card.path, "--site", site.path, "--unit", "pi-door", "--csr-out",
            unit.folder.appending(path: "unit.csr").path, "--yes", "--json",
        ])
        struct Document: Decodable {
            struct Setup: Decodable { let token: String }
            let setup: Setup
        }
        let token = try JSONDecoder().decode(Document.self, from: Data(made.output.utf8)).setup.token
        try FileManager.default.createDirectory(at: unit.state, withIntermediateDirectories: true)
        try FileManager.default.moveItem(
            at: card.appending(path: "var/lib/picli/identity"), to: unit.state.appending(path: "identity"))
        return token
    }

    /// Stores users as `picli user add` does; their one password is hashed once, for that takes a second here.
    private static func add(
        _ users: [(name: String, role: Role)], _ agents: [[String]], _ own: [(Int64, Timestamp) -> Session],
        to unit: Unit
    ) async throws {
        let logger = Logger(label: "users") { _ in SwiftLogNoOpLogHandler() }
        let time = Timestamp(
            wall: KernelClock.wall(), boot: Timestamp.unknownBoot, monotonic: KernelClock.sinceBoot(), isTrusted: false)
        let identity = StateIdentity(state: unit.state.path, logger: logger)
        let store = await Store.open(
            .init(directory: unit.state.path, databaseIDs: identity.databaseIDs), kernelBoot: try KernelClock.bootID(),
            now: time)
        let hash = try Self.hash.get().text
        let changes = try users.enumerated().map { index, user in
            AccountBook.Change.account(
                Account(
                    id: Int64(index + 1), name: try #require(UserName(user.name)), role: user.role, password: hash,
                    created: time.wall))
        }
        let begun = Timestamp(
            wall: time.wall, boot: try #require(store.boot), monotonic: time.monotonic, isTrusted: false)
        let sessions = agents.enumerated().flatMap { index, agents in
            agents.map { (account: Int64(index + 1), agent: $0) }
        }
        .enumerated().map { index, one in
            AccountBook.Change.session(
                Session(
                    id: Int64(index + 1), account: one.account,
                    hash: (0..<32).map { _ in UInt8.random(in: 0...255) }, begun: begun, seen: begun,
                    authenticated: begun, address: "192.0.2.7", agent: one.agent))
        }
        let given = own.map { AccountBook.Change.session($0(1, begun)) }
        try await store.journal.write(changes + sessions + given, audit: [])
        _ = await store.close()
    }

    private static let hash = Result { try PasswordHash(of: password) }

    /// Runs `picli user …` against the running unit.
    func user(_ arguments: [String]) async throws {
        let run = try await Run.picli(["user"] + arguments + ["--state", unit.state.path])
        try #require(run.status == 0, "\(run)")
    }

    /// What the unit keeps of its users, but for when somebody was last seen.
    struct Kept: Equatable {
        var accounts: [Int64: Account]
        var sessions: [Int64: [UInt8]]
        var tokens: [Int64: [UInt8]]
        var entries: [String]
    }

    /// As it is on the disk, beside the running unit.
    func kept() async throws -> Kept {
        let journal = try await Store.readingJournal(unit.state.path)
        let book = try await journal.book()
        let entries = try await journal.audit().entries.map(\.entry)
        return Kept(
            accounts: book.accounts, sessions: book.sessions.mapValues(\.hash), tokens: book.tokens.mapValues(\.hash),
            entries: entries.map { "\($0.action) \($0.subject) \($0.details ?? "")" })
    }
}
