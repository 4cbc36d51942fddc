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
        #expect((untrusted.failure?["hint"] as? String)?.contains("--ca-certificate") == true)
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

    @Test("a request says how it is to be signed")
    func signing() async throws {
        for (arguments, options) in [
            ([], ""), (["--new-key"], " --rekey"), (["--web", "--name", "a.local"], " --profile web"),
            (["--web", "--name", "a.local", "--new-key"], " --profile web --rekey"),
        ] {
            let csr = folder.path + "/unit.csr"
            let asked = try await Binary.run(
                Binary.path, ["identity", "renew", "--csr-out", csr, "--state", state] + arguments)
            #expect(asked.error == "Have it signed: picli ca sign \(csr)\(options) --ca DIR --passphrase-file FILE\n")
        }
    }

    @Test("a certificate of the page that was asked for is waited for, and no fault")
    func waiting() async throws {
        let (csr, crt, ca) = (folder.path + "/unit.csr", folder.path + "/unit.crt", folder.path + "/ca")
        let secret = ["--passphrase-file", folder.path + "/secret"]
        #expect(try await run("renew", "--csr-out", csr).status == 0)
        #expect(try await Binary.run(Binary.path, ["ca", "init", ca, "--name", "Acme"] + secret).status == 0)
        #expect(try await Binary.run(Binary.path, ["ca", "sign", csr, "--ca", ca] + secret).status == 0)
        #expect(try await run("renew", "--certificate", crt, "--ca-certificate", ca + "/root.crt").status == 0)
        #expect(try await run("renew", "--csr-out", csr, "--web", "--name", "a.local").status == 0)
        let verified = try await run("verify", "--json")
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(verified.output.utf8)) as? [String: Any])
        #expect(verified.status == 0 && document["healthy"] as? Bool == true, "\(verified)")
        let findings = document["findings"] as? [[String: Any]]
        #expect(findings?.map { $0["code"] as? String } == ["identity.webWaiting"])
    }

    @Test("while another changes the identity, a change is to be tried again")
    func busy() async throws {
        for command in ["renew", "renew --csr-out -", "renew --csr-out - --new-key"] {
            let line = "flock \(state)/identity \"$PICLI\" identity \(command) --json --state \(state)"
            let result = try await Binary.shell(line)
            #expect(result.status == 75 && result.failure?["code"] as? String == "identity.busy", "\(result)")
        }
        #expect(try await run("show").status == 0)
    }

    @Test("a certificate that is none is wrong usage, and one that is for another key has failed")
    func statuses() async throws {
        let bad = try folder.write("bad.crt", "nonsense")
        for arguments in [[bad], [bad, "--ca-certificate", bad], ["/none.crt"]] {
            let result = try await Binary.run(
                Binary.path, ["identity", "renew", "--state", state, "--json", "--certificate"] + arguments)
            #expect(result.status == 64, "\(arguments): \(result)")
        }
        try folder.write("state/identity/device.crt", "nonsense")
        let verified = try await run("verify", "--json")
        #expect(verified.status == 2)
    }

    @Test("a card's links lead nowhere but to the card")
    func card() async throws {
        try FileManager.default.createDirectory(
            atPath: folder.path + "/card/var/lib", withIntermediateDirectories: true)
        // The state of this machine, which the card's link names by its path here.
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/card/var/lib/picli", withDestinationPath: state)
        let shown = try await Binary.run("identity", "show", "--root", folder.path + "/card", "--json")
        #expect(shown.status == 1 && shown.failure?["code"] as? String == "identity.missing")
        #expect(
            (shown.failure?["message"] as? String)?.contains("\(folder.path)/card/var/lib/picli/identity/") == true)
    }

    @Test("the unit that starts on it makes its databases under the IDs of the record")
    func databases() async throws {
        try folder.write("site.yaml", "site: { name: Trailer 42 }\n")
        let line = """
            "$PICLI" serve --simulate --site \(folder.path)/site.yaml --state \(state) --listen 127.0.0.1:0 & unit=$!
            for try in $(seq 200); do
              "$PICLI" readings list --state \(state) | grep -q board && break; sleep 0.05
            done
            kill $unit; wait $unit
            """
        _ = try await Binary.shell(line)
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
