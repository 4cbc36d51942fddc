import Platform
import Site
import Store

/// By what names people are known on a unit: relays, events and logs tell who did what.
struct UserNames {
    /// In small letters, as names of accounts are.
    private(set) var all: Set<String> = []

    /// Programs, and whoever is root or nobody on every machine.
    private static let nobody: Set<String> = ["controlbyweb", "modbus", "nobody", "picli", "root", "snmp"]

    /// - Parameter start: Wall milliseconds; events of before are not asked for.
    init(of subject: Subject, since start: Int64) async {
        if let journal = try? await Store.readingJournal(subject.root.shown(subject.state)) {
            let book = try? await journal.book()
            add(book?.accounts.values.map(\.name.description) ?? [])
            // An account that was removed still stands in events.
            let page = try? await journal.audit(AuditQuery(what: "user", limit: 10_000))
            add(page?.entries.map(\.entry.subject) ?? [])
        }
        // Where the journal cannot be read there may be a unit that holds events of its own.
        let events = (try? await subject.readings?.events(EventQuery(from: start, limit: 1000))) ?? []
        add(events.compactMap { Self.whoAsked($0.event.values) })
    }

    init(_ names: [String]) { add(names) }

    private mutating func add(_ names: [String]) {
        all.formUnion(names.compactMap { UserName($0)?.description }.filter { !Self.nobody.contains($0) })
    }

    /// Who has asked for something, as the values of an event say; nil for what the unit itself has decided.
    static func whoAsked(_ values: [String: Event.Value]) -> String? {
        guard case .text(let who)? = values["who"] else { return nil }
        if case .text("unit")? = values["origin"] { return nil }
        // Rules and schedules are named by their line of the site file.
        if case .text(let word)? = values["kind"], RelayCause.Kind(rawValue: word)?.isAsked == false { return nil }
        return who
    }
}
