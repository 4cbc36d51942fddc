import Appliance
import FoundationEssentials
import Glibc
import Logging
import Platform
import Site
import Store
import Web

/// The way to a unit's users.
struct UserAccess {
    private let unit: UnitAccess

    init(_ state: StateOptions, _ console: Console) { unit = UnitAccess(state: state, console: console) }

    func users() async throws -> UsersDocument {
        try await unit.ask {
            try await $0.document(UsersDocument.self, at: "/api/v1/users")
        } otherwise: {
            let book = try await unit.journal().book()
            return UsersDocument(book.accounts.values.sorted { $0.name.description < $1.name.description })
        }
    }

    /// Makes a change, and answers all users.
    func perform(_ change: UserChange) async throws -> UsersDocument {
        try await unit.ask {
            try await $0.change(UsersDocument.self, change.request)
        } otherwise: {
            let user = geteuid()
            let origin = Origin(actor: user == 0 ? "root" : "uid \(user)", address: "console", agent: "picli")
            return try await writing { try await $0.perform(change, by: origin) }
        }
    }

    /// Files that root makes in the service's folder would keep the service out of it.
    private func becomeOwner() {
        guard geteuid() == 0, let owner = AtomicFile.Owner(of: unit.state.directory), owner.user != 0 else { return }
        setegid(owner.group)
        seteuid(owner.user)
    }

    private func writing<Result>(_ body: (Accounts) async throws -> Result) async throws -> Result {
        let directory = unit.state.directory
        guard FileKind(of: directory) == .directory else {
            throw Failure(
                "state.missing", "There is no unit at \(directory).",
                hint: "--state with the directory of a unit; picli serve makes it when it first runs", status: .usage)
        }
        becomeOwner()
        let lock = try StateDirectory.take(directory)
        let logger = Logger(label: "picli") { _ in SwiftLogNoOpLogHandler() }
        let now = Timestamp(
            wall: KernelClock.wall(), boot: Timestamp.unknownBoot, monotonic: KernelClock.sinceBoot(), isTrusted: false)
        let store = await Store.open(
            .init(directory: directory, databaseIDs: StateIdentity(state: directory, logger: logger).databaseIDs),
            kernelBoot: (try? KernelClock.bootID()) ?? UUID().uuidString, now: now)
        let clock = UnitClock(boot: store.boot ?? 1, buildDate: BuildStamp.date * 1000)
        let accounts = WebDoor.accounts(
            journal: store.journal, state: directory, now: { clock.now() }, logger)
        do {
            let result = try await body(accounts)
            let isStored = await accounts.isStored
            await store.close()
            withExtendedLifetime(lock) {}
            // Putting somebody out holds unstored as long as a unit runs, and here none does.
            guard isStored else {
                throw Failure(
                    "accounts.unstored", "Nothing was changed: it could not be written to \(directory).",
                    hint: "free space on its disk, or mount it for writing")
            }
            return result
        } catch {
            await store.close()
            guard let problem = error as? Problem else { throw error }
            throw Failure(problem.code, problem.detail, status: problem.status == 400 ? .usage : .failed)
        }
    }
}
