import Foundation
import NIOHTTP1
import Site
import Testing

/// A running unit does what the description of its API says.
@Suite("The API is as it is described", .serialized)
struct APISchemaTests {
    private static let site = """
        site: { name: Trailer 42 }
        network: { unit: 192.0.2.10/24, router: { address: 192.0.2.1 }, camera: { address: 192.0.2.3 } }
        sensors:
          - { id: enclosure, name: Enclosure, chip: ds18b20, address: 28-0000075ff6b1 }
        relays:
          - { id: router, name: Router, line: GPIO5, contact: nc, active: low, boot: on }
          - { id: strobe, line: GPIO27, schedule: ["07:00..19:00: on"] }
        """

    private static let here = URL(filePath: #filePath).deletingLastPathComponent()
    /// `make schemathesis` puts it there.
    private static let program = here.appending(path: "../../.build/schemathesis/bin/schemathesis").standardized
    private static let isThere =
        FileManager.default.isExecutableFile(atPath: program.path) || ProcessInfo.processInfo.environment["CI"] != nil

    @Test(
        "whatever schemathesis makes up, allowed or not, the answer is one that is described",
        .enabled(if: isThere, "schemathesis is missing: make schemathesis"), .timeLimit(.minutes(4)))
    func schemathesis() async throws {
        try await ProvisionedUnit.with(site: Self.site, users: Self.users) { provisioned in
            let unit = provisioned.unit
            let token = try await tokens(of: ["admin"], at: provisioned)[0]
            try await eventually("lines of the simulated router") {
                try await !unit.get("/api/v1/logs").decode(LogsDocument.self).lines.isEmpty
            }
            let document = unit.folder.appending(path: "openapi.json")
            try await unit.get("/api/v1/openapi.json").body.write(to: document)
            let run = try await Run.program(
                Self.program,
                [
                    "--config-file", Self.here.appending(path: "Fixtures/schemathesis.toml").path, "--no-color", "run",
                    "--url", provisioned.address, document.path,
                ], environment: ["PICLI_TOKEN": token], in: unit.folder)
            let end = run.output.suffix(12_000)
            #expect(run.status == 0, "\(end)\n\(run.error.suffix(2_000))")
            // It did what it was asked for, and as the admin to the end.
            #expect(run.output.contains("Coverage (in") && run.output.contains("Fuzzing (in"), "\(end)")
            try await Visitor.with(provisioned.address) { program in
                let users = try await program.ask(.GET, "/api/v1/users", [("Authorization", "Bearer \(token)")])
                #expect(users.status == 200)
            }
            #expect(!unit.logText.contains("request failed"), "\(unit.logText.suffix(4_000))")
        }
    }

    private struct Description: Decodable {
        struct Operation: Decodable {
            let role: String?
            let security: [[String: [String]]]

            private enum CodingKeys: String, CodingKey {
                case role = "x-role"
                case security
            }
        }

        let paths: [String: [String: Operation]]
    }

    @Test("an operation needs the role that it names, and no more")
    func roles() async throws {
        try await ProvisionedUnit.with(site: Self.site, users: Self.users) { provisioned in
            let roles = ["viewer", "operator", "admin"]
            let tokens = try await tokens(of: roles, at: provisioned)
            let description = try await provisioned.unit.get("/api/v1/openapi.json").decode(Description.self)
            #expect(description.paths.count > 10)
            try await Visitor.with(provisioned.address) { program in
                for (path, operations) in description.paths {
                    for (method, operation) in operations {
                        let name = "\(method) \(path)"
                        let needed = try #require(operation.role.flatMap(roles.firstIndex), "\(name)")
                        #expect(operation.security.allSatisfy { $0.values.allSatisfy { $0 == [roles[needed]] } })
                        let call = HTTPMethod(rawValue: method.uppercased())
                        let place = path.replacing("{name}", with: "nobody").replacing("{id}", with: "nobody")
                        #expect(try await program.ask(call, place).status == 401)
                        for (index, token) in tokens.enumerated() {
                            let status = try await program.ask(call, place, [("Authorization", "Bearer \(token)")])
                                .status
                            #expect((status == 403) == (index < needed), "\(name) as \(roles[index]): \(status)")
                            #expect(status != 401, "\(name)")
                        }
                    }
                }
            }
        }
    }

    private static let users: [(name: String, role: Role)] = [("keeper", .admin)]

    /// A token of each role, made on the page of the keeper's account.
    private func tokens(of roles: [String], at unit: ProvisionedUnit) async throws -> [String] {
        try await Visitor.with(unit.address) { program in
            let session = try await program.session("keeper")
            var tokens: [String] = []
            for role in roles { tokens.append(try await program.token(role, role, of: session)) }
            return tokens
        }
    }
}
