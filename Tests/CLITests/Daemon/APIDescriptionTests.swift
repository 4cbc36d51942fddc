import Appliance
import HTTPTypes
import Logging
import Site
import Store
import Testing
import Web

@testable import picli

/// The routes of a real unit, and what it says of its API.
@Suite("The description of the API")
struct APIDescriptionTests {
    private static func routes<Value>(_ body: (Routes) throws -> Value) async throws -> Value {
        let folder = try Folder()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let unit = await picli.Unit.open(
            SiteFile(site: SiteDescription(name: "Trailer 42")), state: folder.path, isSimulated: true, logger: logger)
        let now: @Sendable () -> Timestamp = { [clock = unit.clock] in clock.now() }
        let live = CollectorService(
            [], clock: ContinuousClock(), now: now, logger: logger, sink: { _ in }, report: { _ in })
        let accounts = WebDoor.accounts(journal: unit.store.journal, state: folder.path, now: now, logger)
        return try body(unit.routes(live: live, accounts: accounts))
    }

    @Test("every route under /api/v1 is in the document, and nothing else is")
    func bothWays() async throws {
        let (table, document) = try await Self.routes { routes in
            (routes.table, APIDocument(.init(title: "picli", version: "1", text: ""), routes.table).json)
        }
        // HEAD goes without saying where GET is.
        let served = Set(
            table.filter { $0.path.hasPrefix("/api/v1/") && $0.method != .head }.map { entry in
                let path = entry.path.split(separator: "/").map { $0.hasPrefix(":") ? "{\($0.dropFirst())}" : $0 }
                return "\(entry.method) /\(path.joined(separator: "/"))"
            })
        guard case .object(let paths)? = document["paths"] else {
            Issue.record("there are no paths")
            return
        }
        let described = paths.flatMap { path -> [String] in
            guard case .object(let operations) = path.value else { return [] }
            return operations.map { "\($0.name.uppercased()) \(path.name)" }
        }
        #expect(Set(described) == served)
        #expect(described.count == served.count)
        #expect(served.isSuperset(of: ["GET /api/v1/openapi.json", "GET /api/v1/live", "PATCH /api/v1/users/{name}"]))
        #expect(table.allSatisfy { ($0.description != nil) == $0.path.hasPrefix("/api/") })
    }

    @Test("every reference in the document leads to a component")
    func references() async throws {
        let document = try await Self.routes {
            APIDocument(.init(title: "picli", version: "1", text: ""), $0.table).json
        }
        for target in Self.references(in: document) {
            let found = target.split(separator: "/").dropFirst().reduce(JSONValue?.some(document)) { $0?[String($1)] }
            #expect(found != nil, "\(target)")
        }
    }

    private static func references(in json: JSONValue) -> Set<String> {
        switch json {
        case .array(let elements): elements.reduce(into: []) { $0.formUnion(references(in: $1)) }
        case .object(let members):
            members.reduce(into: []) { all, member in
                if member.name == "$ref", case .string(let target) = member.value { all.insert(target) }
                all.formUnion(references(in: member.value))
            }
        default: []
        }
    }
}
