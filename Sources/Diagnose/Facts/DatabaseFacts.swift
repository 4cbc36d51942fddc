import Platform
import Site
public import Store

/// One of the unit's databases.
public struct DatabaseFacts: Hashable, Sendable {
    public var look: DatabaseLook
    /// Bytes that it may have by the site file; nil when nothing says so.
    public var limit: Int64?

    public init(_ look: DatabaseLook, limit: Int64? = nil) {
        self.look = look
        self.limit = limit
    }

    static func all(_ subject: Subject) async throws -> [DatabaseFacts] {
        let site = try? subject.site.get()
        let looks = await DatabaseLook.all(in: subject.root.shown(subject.state))
        guard looks.contains(where: { $0.state != .missing }) else { throw NotHere("the unit has stored nothing yet") }
        return looks.map { look in
            switch look.kind {
            case .history: DatabaseFacts(look, limit: site?.history.maximumSize)
            case .logs: DatabaseFacts(look, limit: site?.logs.maximumSize)
            case .journal: DatabaseFacts(look)
            }
        }
    }
}
