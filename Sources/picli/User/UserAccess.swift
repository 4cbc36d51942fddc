import Appliance
import FoundationEssentials
import Glibc
import Logging
import Platform
import Site
import Store
import Web

/// The way to a unit's users: the running `picli serve`, or its files while none is running.
struct UserAccess {
    private let state: StateOptions
    private let console: Console

    init(_ state: StateOptions, _ console: Console) {
        self.state = state
        self.console = console
    }

    func users() async throws -> UsersDocument {
        if try ControlSocket(path: state.socket).isAnswered() {
            return try await ControlClient.withClient(socket: state.socket) {
                try await $0.document(UsersDocument.self, at: "/api/v1/users")
            }
        }
        return UsersDocument(Array(try await reading().book().accounts.values).sorted { $0.id < $1.id })
    }

    /// Makes a change, and answers all users.
    func perform(_ change: UserChange) async throws -> UsersDocument {
        if try ControlSocket(path: state.socket).isAnswered() {
            return try await ControlClient.withClient(socket: state.socket) {
                try await $0.change(UsersDocument.self, change.request)
            }
        }
        return try await writing { accounts in
            let user = geteuid()
            let origin = Origin(actor: user == 0 ? "root" : "uid \(user)", address: "console", agent: "picli")
            do {
                return try await accounts.perform(change, by: origin)
            } catch let problem as Problem {
                throw Failure(problem.code, problem.detail, status: problem.status == 400 ? .usage : .failed)
            }
        }
    }

    /// A page of the audit log.
    func audit(from first: Int64) async throws -> AuditDocument {
        let limit = 1000
        if try ControlSocket(path: state.socket).isAnswered() {
            return try await ControlClient.withClient(socket: state.socket) {
                try await $0.document(AuditDocument.self, at: "/api/v1/audit?limit=\(limit)&from=\(first)")
            }
        }
        return AuditDocument(try await reading().audit(from: first, limit: limit), limit: limit)
    }

    /// Files that root makes in the service's folder would keep the service out of it.
    private func becomeOwner() {
        guard geteuid() == 0, let owner = AtomicFile.Owner(of: state.directory), owner.user != 0 else { return }
        setegid(owner.group)
        seteuid(owner.user)
    }

    private func reading() async throws -> Journal {
        do {
            return try await Store.reading(state.directory).journal
        } catch let error as StoreError {
            throw Failure(error)
        }
    }

    private func writing<Result>(_ body: (Accounts) async throws -> Result) async throws -> Result {
        guard FileKind(of: state.directory) == .directory else {
            throw Failure(
                "state.missing", "There is no unit at \(state.directory).",
                hint: "the state directory of the unit (--state), or start picli serve first", status: .usage)
        }
        becomeOwner()
        let lock = try StateDirectory.take(state.directory)
        let logger = Logger(label: "picli") { _ in SwiftLogNoOpLogHandler() }
        let now = Timestamp(
            wall: KernelClock.wall(), boot: Timestamp.unknownBoot, monotonic: KernelClock.sinceBoot(), isTrusted: false)
        let store = await Store.open(
            .init(
                directory: state.directory,
                databaseIDs: StateIdentity(state: state.directory, logger: logger).databaseIDs),
            kernelBoot: (try? KernelClock.bootID()) ?? UUID().uuidString, now: now)
        let clock = UnitClock(boot: store.boot ?? 1, buildDate: BuildStamp.date * 1000)
        let accounts = WebDoor.accounts(journal: store.journal, state: state.directory, now: { clock.now() })
        do {
            try await accounts.load()
            let result = try await body(accounts)
            await store.close()
            withExtendedLifetime(lock) {}
            return result
        } catch {
            await store.close()
            throw (error as? StoreError).map { Failure($0) } ?? error
        }
    }
}
