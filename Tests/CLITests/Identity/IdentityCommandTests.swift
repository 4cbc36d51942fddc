import Foundation
import Testing

@Suite("picli identity")
struct IdentityCommandTests {
    let folder: Folder
    private var state: String { folder.path + "/state" }

    init() throws {
        folder = try Folder()
        try FileManager.default.createDirectory(
            atPath: folder.path + "/state/identity", withIntermediateDirectories: true)
        try folder.write("secret", "correct horse battery\n")
        try folder.write(
            "state/identity/unit.json",
            """
            {
              "schema": 1, "unit": "pi-7k3m92qf", "site": "Trailer 42", "created": "2026-03-01T08:00:00.000Z",
              "databases": {
                "history": {"id": "0193a5b0-1c2d-7e3f-8a4b-5c6d7e8f9a01"},
                "journal": {"id": "0193a5b0-1c2d-7e3f-8a4b-5c6d7e8f9a02"},
                "logs": {"id": "0193a5b0-1c2d-7e3f-8a4b-5c6d7e8f9a03", "predecessor": "0193a5b0-1c2d-7e3f-8a4b-5c6d7e8f9a04"}
              }
            }
            """)
    }

    private func run(_ arguments: String...) async throws -> Binary.Result {
        try await Binary.run(Binary.path, ["identity"] + arguments + ["--state", state])
    }

    @Test("a request, its certificate, and the identity that comes of it")
    func whole() async throws {
        let (csr, crt) = (folder.path + "/unit.csr", folder.path + "/unit.crt")
        let asked = try await run("renew", "--csr-out", csr)
        #expect(asked.status == 0 && asked.output == csr + "\n", "\(asked)")
        let unhealthy = try await run("verify", "--json")
        #expect(unhealthy.status == 2 && unhealthy.failure?["code"] as? String == "identity.unhealthy")
        let secret = ["--passphrase-file", folder.path + "/secret"]
        let ca = folder.path + "/ca"
        #expect(try await Binary.run(Binary.path, ["ca", "init", ca, "--name", "Acme"] + secret).status == 0)
        #expect(try await Binary.run(Binary.path, ["ca", "sign", csr, "--ca", ca] + secret).status == 0)
        let untrusted = try await run("renew", "--certificate", crt, "--json")
        #expect(untrusted.failure?["code"] as? String == "identity.missing")
        let installed = try await run("renew", "--certificate", crt, "--ca-certificate", ca + "/root.crt")
        #expect(installed.status == 0 && installed.output.hasPrefix("installed "), "\(installed)")
        let verified = try await run("verify")
        #expect(verified.status == 0 && verified.output == "The identity is good.\n", "\(verified)")
        let shown = try await run("show")
        #expect(shown.output.contains("unit         pi-7k3m92qf\n"))
        #expect(shown.output.contains("logs         0193a5b0-1c2d-7e3f-8a4b-5c6d7e8f9a03 after 0193a5b0"))
        #expect(shown.output.contains(", by Issuing CA "))
        let json = try await run("show", "--json")
        let document = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        #expect((document["certificate"] as? [String: Any])?["subject"] as? String == "pi-7k3m92qf")
        #expect((document["databases"] as? [Any])?.count == 3)
    }

    @Test("the unit that starts on it makes its databases under the IDs of the record")
    func databases() async throws {
        try folder.write("site.yaml", "site: { name: Trailer 42 }\n")
        let line = """
            "$PICLI" serve --simulate --site \(folder.path)/site.yaml --state \(state) --listen 127.0.0.1:0 & unit=$!
            for try in $(seq 100); do
                sleep 0.1
                "$PICLI" readings latest --state \(state) 2>&1 | grep -q '^board' && break
            done
            kill $unit; wait $unit
            """
        let served = try await Binary.shell(line)
        #expect(served.status == 0, "\(served)")
        for (name, digit) in [("history", "1"), ("journal", "2"), ("logs", "3")] {
            let bytes = try Data(contentsOf: URL(filePath: "\(state)/\(name).sqlite"))
            #expect(bytes.range(of: Data("0193a5b0-1c2d-7e3f-8a4b-5c6d7e8f9a0\(digit)".utf8)) != nil, "\(name)")
        }
    }

    @Test("what does not go together is wrong usage")
    func usage() async throws {
        for arguments in [
            ["--csr-out", "a", "--certificate", "b"], ["--new-key"], ["--broker", "a:1"],
            ["--certificate", "b", "--broker", "a:x"],
            ["--web", "--name", "x"],
        ] {
            let result = try await Binary.run(Binary.path, ["identity", "renew", "--json"] + arguments)
            #expect(result.status == 64 && result.failure?["code"] as? String == "usage", "\(arguments): \(result)")
        }
    }

    @Test("a folder without an identity, and one with garbage, say so")
    func missing() async throws {
        let missing = try await Binary.run("identity", "show", "--state", "/nonexistent", "--json")
        #expect(missing.status == 1 && missing.failure?["code"] as? String == "identity.missing")
        try folder.write("state/identity/unit.json", "{")
        #expect(try await run("show", "--json").failure?["code"] as? String == "identity.unreadable")
        let root = try await Binary.run("identity", "verify", "--root", folder.path, "--state", "/state")
        #expect(root.status == 2 && root.output.contains("no record of a unit"))
    }
}
