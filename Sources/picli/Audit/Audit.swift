import ArgumentParser
import Platform
import Site

struct Audit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Read who did what, and prove that nothing of it was altered.",
        discussion: """
            Each entry holds a digest of itself and of the one before it. Logins, also those that failed, \
            and all changes of users and tokens are in it.

            Example:
              picli audit list
            """,
        subcommands: [AuditList.self, AuditVerify.self, AuditExport.self]
    )
}

extension AuditDocument: Answer {
    func text(for terminal: Terminal) -> String {
        guard !entries.isEmpty else { return "There is no such entry.\n" + faults.map { $0 + "\n" }.joined() }
        var table = Table([
            .init(title: "time"), .init(title: "who"), .init(title: "from"), .init(title: "what"),
        ])
        for entry in entries {
            let isOwn = entry.subject == entry.actor && !"\(entry.action)".hasPrefix("user.")
            let subject = isOwn || entry.subject.isEmpty ? "" : " \(entry.subject)"
            let details = entry.details.map { " (\($0))" } ?? ""
            let texts = [entry.actor, entry.origin, "\(entry.action)\(subject)\(details)"]
            table.append([String(entry.time.prefix(19)) + "Z"] + texts.map(\.printable))
        }
        return table.text(for: terminal) + faults.map { $0 + "\n" }.joined()
    }

    /// Adds the page behind this one.
    mutating func append(_ page: AuditDocument) {
        entries += page.entries
        faults += page.faults
        next = page.next
    }
}

extension AuditProofDocument: Answer {
    func text(for terminal: Terminal) -> String {
        let head = faults.isEmpty ? "All \(entries) entries are what was written.\n" : ""
        return head + faults.map { $0 + "\n" }.joined() + (newest.map { "newest  \($0)\n" } ?? "")
    }

    /// - Throws: `Failure` `audit.altered`, exit code 2.
    func requireWhole() throws(Failure) {
        guard !faults.isEmpty else { return }
        throw Failure(
            "audit.altered",
            "The audit log is not what was written: \(faults.count == 1 ? "one fault" : "\(faults.count) faults").",
            hint: "compare it with an earlier 'picli audit export'", status: .findings)
    }
}
