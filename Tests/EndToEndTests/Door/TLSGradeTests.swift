import Foundation
import Site
import Testing

/// What testssl.sh (Debian's `testssl.sh`) says of the unit's TLS.
@Suite("TLS as others grade it", .serialized)
struct TLSGradeTests {
    private struct Finding: Decodable, CustomStringConvertible {
        let id: String
        let severity: String
        let finding: String
        var description: String { "\(id) \(severity): \(finding)" }
    }

    /// What is found and meant to be so.
    private static let meant: [String: String] = [
        "cert_chain_of_trust": "until a certificate of an authority is installed, the unit vouches for itself",
        "cert_revocation": "nobody could revoke what nobody else has signed",
        "cipher_order":
            "all suites are equally strong, and a client without AES in hardware knows best that it wants ChaCha20 "
            + "(Mozilla, \"intermediate\")",
    ]

    @Test("nothing of medium severity or worse is found, but what is meant to be so; TLS 1.2 and 1.3, nothing older")
    func grade() async throws {
        try await ProvisionedUnit.with(users: [("anna", .admin)]) { door in
            let file = door.unit.folder.appending(path: "testssl.json")
            // Protocols, suites by strength, forward secrecy, preferences, certificate, head fields, known holes. It looks
            // at the certificate's names, so that the unit is called by one.
            let run = try await Run.program(
                URL(filePath: "/usr/bin/timeout"),
                [
                    "120", "/usr/bin/testssl", "--quiet", "--color", "0", "--warnings", "off", "--nodns", "min", "--ip",
                    "127.0.0.1", "--jsonfile", file.path, "-p", "-s", "-f", "-P", "-S", "-h", "-U",
                    "localhost:\(door.port)",
                ])
            try #require(run.status != 124, "it has not come to an end in 120 s: \(run.output.suffix(500))")
            let findings = try JSONDecoder().decode([Finding].self, from: Data(contentsOf: file))
            #expect(findings.count > 60, "\(run)")
            let bad = findings.filter { ["MEDIUM", "HIGH", "CRITICAL", "FATAL"].contains($0.severity) }
            #expect(Set(bad.map(\.id)).subtracting(Self.meant.keys) == [], "\(bad)")
            func said(_ id: String) -> String { findings.first { $0.id == id }?.finding ?? "nothing" }
            for old in ["SSLv2", "SSLv3", "TLS1", "TLS1_1"] { #expect(said(old).hasPrefix("not offered"), "\(old)") }
            for new in ["TLS1_2", "TLS1_3"] { #expect(said(new).hasPrefix("offered"), "\(new): \(said(new))") }
            // As 3.2 calls it, and as 3.0 does.
            #expect([said("FS"), said("PFS")].contains { $0.hasPrefix("offered") })
            #expect(said("HSTS_time").contains("365 days"), "\(said("HSTS_time"))")
            #expect(findings.contains { $0.id.contains("heartbleed") }, "the known holes were not looked for")
        }
    }
}
