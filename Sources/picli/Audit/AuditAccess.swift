import Appliance
import Site
import Store

/// The way to a unit's audit log.
struct AuditAccess {
    private let unit: UnitAccess

    init(_ state: StateOptions, _ console: Console) { unit = UnitAccess(state: state, console: console) }

    /// Reads the log of the running unit, or the one that it left.
    func read<Result>(_ body: (AuditReader) async throws -> Result) async throws -> Result {
        try await unit.ask { client in
            let proof = { try await client.document(AuditProofDocument.self, at: "/api/v1/audit/proof") }
            return try await body(AuditReader(page: client.audit, proof: proof))
        } otherwise: {
            let journal = try await unit.journal()
            return try await body(
                AuditReader(page: { AuditDocument(try await journal.audit($0)) }) {
                    AuditProofDocument(try await journal.auditProof())
                })
        }
    }
}

/// An audit log that is read in pages.
struct AuditReader {
    let page: (AuditQuery) async throws -> AuditDocument
    /// What a look at all of it finds.
    let proof: () async throws -> AuditProofDocument

    /// Entries of a page.
    private static let most = 1000

    /// All of them, oldest first.
    func whole() async throws -> AuditDocument {
        var document = try await page(AuditQuery(limit: Self.most, after: 0))
        while let next = document.next {
            document.append(try await page(AuditQuery(limit: Self.most, after: next)))
        }
        return document
    }

    /// The newest of those that are asked for, oldest first.
    func newest(_ query: AuditQuery) async throws -> AuditDocument {
        var query = query
        let wanted = query.limit
        query.limit = min(wanted, Self.most)
        var document = try await page(query)
        while let next = document.next, document.entries.count < wanted {
            query.before = next
            query.limit = min(wanted - document.entries.count, Self.most)
            document.append(try await page(query))
        }
        document.entries.reverse()
        document.next = nil
        return document
    }
}
