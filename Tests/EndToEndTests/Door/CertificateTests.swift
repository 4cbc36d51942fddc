import Foundation
import Site
import TestSupport
import Testing

/// The certificate by which the pages are served, and what becomes of clients when it is replaced.
@Suite("The certificate of the pages", .serialized)
struct CertificateTests {
    @Test("a new one is shown to who comes, drops nobody who is there, and one that is broken changes nothing")
    func replaced() async throws {
        try await ProvisionedUnit.with(users: [("anna", .admin)]) { door in
            let before = try await fingerprint(door)
            try await TLSConnection.open(door.port) { connection in
                #expect(try await answer(connection) == [200])
                let fresh = try await replace(door)
                try await eventually("the new certificate") { try await fingerprint(door) == fresh }
                #expect(fresh != before)
                #expect(try await answer(connection) == [200], "on the connection that was open")
                try Data("no certificate".utf8).write(to: file("web.crt", door))
                try await eventually("a word about it") {
                    // Whoever comes makes the unit look.
                    let shown = try await fingerprint(door)
                    return shown == fresh && door.unit.logText.contains("cannot be served with")
                }
                #expect(try await answer(connection) == [200])
            }
        }
    }

    private func file(_ name: String, _ door: ProvisionedUnit) -> URL { door.unit.state.appending(path: name) }

    private func answer(_ connection: RawPeer) async throws -> [Int] {
        try await connection.send("GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        return TLSConnection.statuses(await connection.read(until: "</html>"))
    }

    /// Puts another certificate in the place of the unit's own; its fingerprint.
    private func replace(_ door: ProvisionedUnit) async throws -> String {
        let (key, certificate) = (file("new.key", door), file("new.crt", door))
        _ = try await openssl([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj",
            "/CN=new", "-keyout", key.path, "-out", certificate.path,
        ])
        for (fresh, name) in [(key, "web.key"), (certificate, "web.crt")] {
            try FileManager.default.removeItem(at: file(name, door))
            try FileManager.default.moveItem(at: fresh, to: file(name, door))
        }
        return try await openssl(["x509", "-noout", "-fingerprint", "-sha256", "-in", file("web.crt", door).path])
    }

    private func fingerprint(_ door: ProvisionedUnit) async throws -> String {
        let shown = try await openssl(["s_client", "-connect", "127.0.0.1:\(door.port)"])
        let copy = door.unit.folder.appending(path: "shown.pem")
        try Data(shown.utf8).write(to: copy)
        return try await openssl(["x509", "-noout", "-fingerprint", "-sha256", "-in", copy.path])
    }

    private func openssl(_ arguments: [String]) async throws -> String {
        let run = try await Run.program(URL(filePath: "/usr/bin/openssl"), arguments)
        try #require(run.status == 0, "\(run)")
        return run.output
    }
}
