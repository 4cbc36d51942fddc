import Foundation
import Testing

@Suite("picli ca")
struct CACommandTests {
    let folder: Folder
    private var ca: String { folder.path + "/ca" }
    private var secret: String { folder.path + "/secret" }

    init() throws {
        folder = try Folder()
        try folder.write("secret", "correct horse battery\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder.path + "/secret")
    }

    private func initialize() async throws {
        let result = try await Binary.run("ca", "init", ca, "--name", "Acme", "--passphrase-file", secret)
        #expect(result.status == 0, "\(result)")
        #expect(result.error.isEmpty)
        #expect(result.output.hasPrefix("Acme: an authority in \(ca)\n"))
    }

    private func request(_ unit: String) async throws -> String {
        let path = folder.path + "/\(unit).csr"
        let result = try await Binary.run(
            "/usr/bin/openssl",
            [
                "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                path + ".key",
                "-subj", "/CN=\(unit)", "-out", path,
            ])
        #expect(result.status == 0, "\(result)")
        return path
    }

    private func run(_ arguments: String...) async throws -> Binary.Result {
        try await Binary.run(Binary.path, ["ca"] + arguments + ["--ca", ca])
    }

    private func document(_ result: Binary.Result) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    }

    @Test("init, sign, list, show, revoke and export of one unit")
    func whole() async throws {
        try await initialize()
        let csr = try await request("pi-a")
        let signed = try await run("sign", csr, "--passphrase-file", secret)
        #expect(signed.status == 0, "\(signed)")
        #expect(signed.output.hasPrefix("-----BEGIN CERTIFICATE-----\n"))
        #expect(try folder.text("pi-a.crt") == signed.output)
        let verified = try await Binary.run(
            "/usr/bin/openssl",
            [
                "verify", "-x509_strict", "-CAfile", ca + "/root.crt", "-untrusted", folder.path + "/pi-a.crt",
                folder.path + "/pi-a.crt",
            ])
        #expect(verified.status == 0, "\(verified)")
        let list = try await run("list", "--json")
        let row = try #require((try document(list)["certificates"] as? [[String: Any]])?.first)
        #expect(row["state"] as? String == "valid")
        let serial = try #require((row["row"] as? [String: Any])?["serial"] as? String)
        #expect(try await run("show", "pi-a", "--pem").output == signed.output)
        #expect(try await run("show", serial).output.contains("  subject    pi-a\n"))
        let revoked = try await run("revoke", "pi-a", "--reason", "keyCompromise", "--passphrase-file", secret)
        #expect(revoked.status == 0 && revoked.output.hasPrefix("revoked  \(serial)\n"), "\(revoked)")
        #expect(try await run("list").output.contains("revoked"))
        #expect(try await run("export", "--deny-list").output == serial + "\n")
        let crl = try await run("export", "--crl")
        #expect(crl.output.hasPrefix("-----BEGIN X509 CRL-----\n"))
        #expect(try await run("export", "--root").output == folder.text("ca/root.crt"))
        let csv = try await run("export", "--csv", "--output", folder.path + "/register.csv")
        #expect(csv.status == 0 && csv.output.isEmpty)
        #expect(try folder.text("register.csv").split(separator: "\n").count == 5)
    }

    @Test("a batch is a table, and under --json a document; a refusal fails it after the others were signed")
    func batch() async throws {
        try await initialize()
        let (first, second) = (try await request("pi-a"), try await request("pi-b"))
        let bad = try folder.write("bad.csr", "nonsense")
        let out = folder.path + "/out"
        try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
        let result = try await run("sign", first, bad, second, "--passphrase-file", secret, "--output", out, "--json")
        #expect(result.status == 1)
        let document = try document(result)
        #expect(
            (document["signed"] as? [[String: Any]])?.compactMap { $0["file"] as? String } == [
                "\(out)/pi-a.crt", "\(out)/pi-b.crt",
            ])
        #expect((document["refused"] as? [[String: Any]])?.first?["code"] as? String == "request.unreadable")
        #expect(result.failure?["code"] as? String == "ca.someRefused")
        #expect(FileManager.default.fileExists(atPath: out + "/pi-b.crt"))
        let text = try await run("sign", first, second, "--passphrase-file", secret)
        #expect(text.status == 0 && text.output.hasPrefix("REQUEST"), "\(text)")
    }

    @Test("one refused request is the failure itself, and is in the register")
    func refused() async throws {
        try await initialize()
        let csr = try await request("Not_a_unit")
        let result = try await run("sign", csr, "--passphrase-file", secret, "--json")
        #expect(result.status == 1)
        #expect(result.failure?["code"] as? String == "request.subject")
        let attempts = try await run("list", "--attempts", "--json")
        let rows = try #require(try document(attempts)["rows"] as? [[String: Any]])
        #expect(rows.last?["code"] as? String == "request.subject")
        #expect((rows.last?["command"] as? String)?.hasPrefix("picli ca sign ") == true)
    }

    @Test("requests are looked at before any key: bad ones are refused at once, all of them, and noted")
    func looksFirst() async throws {
        try await initialize()
        let bad = try ["a", "b"].map { try folder.write("\($0).csr", "nonsense") }
        // Would not open the key.
        let wrong = try folder.write("wrong", "another horse battery\n")
        let one = try await run("sign", bad[0], "--passphrase-file", wrong, "--json")
        #expect(one.status == 64 && one.failure?["code"] as? String == "request.unreadable", "\(one)")
        let both = try await run("sign", bad[0], bad[1], "--passphrase-file", wrong, "--json")
        #expect(both.status == 64 && both.failure?["code"] as? String == "ca.someRefused", "\(both)")
        #expect((try document(both)["refused"] as? [Any])?.count == 2)
        let rows = try document(await run("list", "--attempts", "--json"))["rows"] as? [[String: Any]]
        #expect(rows?.suffix(3).compactMap { $0["code"] as? String }.count == 3)
        let missing = try await run("sign", bad[0], "/none/1", "/none/2", "--passphrase-file", "/none/secret", "--json")
        #expect(missing.status == 64 && missing.failure?["code"] as? String == "input.several", "\(missing)")
        #expect(missing.error.contains("/none/1") && missing.error.contains("/none/2"))
        let folderless = try await run(
            "sign", bad[0], "--passphrase-file", secret, "--output", folder.path + "/none", "--json")
        #expect(folderless.status == 64 && folderless.failure?["code"] as? String == "output.folder")
    }

    static let hasScript = FileManager.default.isExecutableFile(atPath: "/usr/bin/script")

    @Test("in a terminal it says what takes a moment", .enabled(if: hasScript))
    func progress() async throws {
        try await initialize()
        let csr = try await request("pi-a")
        let command = "TERM=xterm \(Binary.path) ca sign \(csr) --ca \(ca) --passphrase-file \(secret) > /dev/null"
        let shown = try await Binary.shell("script -qefc '\(command)' /dev/null")
        #expect(shown.status == 0 && shown.output.contains("Opening the keys of Acme; "), "\(shown)")
        let silent = try await run("sign", csr, "--passphrase-file", secret)
        #expect(silent.status == 0 && silent.error.isEmpty)
    }

    @Test("what is named and is not what it should be is wrong usage; what was understood and refused has failed")
    func statuses() async throws {
        try await initialize()
        let csr = try await request("pi-a")
        let wrong = try folder.write("wrong", "another horse battery\n")
        let taken = try folder.write("file", "")
        let cases: [(arguments: [String], code: String, status: Int32)] = [
            (["init", ca, "--name", "B", "--passphrase-file", secret], "ca.exists", 64),
            (["init", folder.path, "--name", "B", "--passphrase-file", secret], "ca.notEmpty", 64),
            (["init", taken, "--name", "B", "--passphrase-file", secret], "ca.unwritable", 64),
            (["init", "/none/ca", "--name", "B", "--passphrase-file", secret], "ca.unwritable", 64),
            (["init", ca + "2", "--name", "B", "--passphrase-file", "/none"], "passphrase.file", 64),
            (["sign", csr, "--ca", ca, "--passphrase-file", "/none"], "passphrase.file", 64),
            (["sign", csr, "--ca", ca, "--passphrase-file", wrong], "passphrase.wrong", 1),
            (["sign", csr, "--ca", "/none", "--passphrase-file", secret], "ca.missing", 64),
            (["list", "--ca", "/none"], "ca.missing", 64), (["show", "pi-b", "--ca", ca], "ca.unknown", 64),
            (["show", "Acme", "--pem", "--ca", ca], "ca.unknown", 64),
            (["revoke", "pi-b", "--ca", ca, "--passphrase-file", secret], "ca.unknown", 64),
            (["export", "--crl", "--der", "1999", "--ca", ca], "ca.unknown", 64),
            (["export", "--root", "--ca", "/none"], "ca.missing", 64),
        ]
        for (arguments, code, status) in cases {
            // The answer of an export is a file, and so is its failure a text.
            let isExport = arguments[0] == "export"
            let result = try await Binary.run(Binary.path, ["ca"] + arguments + (isExport ? [] : ["--json"]))
            #expect(result.status == status, "\(arguments): \(result)")
            if !isExport { #expect(result.failure?["code"] as? String == code, "\(arguments): \(result)") }
        }
    }

    @Test("an open passphrase file is pointed out; a short or wrong passphrase is refused")
    func passphrases() async throws {
        try await initialize()
        let open = try folder.write("open", "correct horse battery\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: open)
        let csr = try await request("pi-a")
        let noted = try await run("sign", csr, "--passphrase-file", open)
        #expect(noted.status == 0 && noted.error == "Others may read \(open): chmod 600 \(open)\n")
        let wrong = try folder.write("wrong", "another horse battery\n")
        #expect(
            try await run("sign", csr, "--passphrase-file", wrong, "--json").failure?["code"] as? String
                == "passphrase.wrong")
        let short = try folder.write("short", "short\n")
        let other = try await Binary.run(
            "ca", "init", folder.path + "/b", "--name", "B", "--passphrase-file", short, "--json")
        #expect(other.status == 64 && other.failure?["code"] as? String == "passphrase.short")
        #expect(try await run("list", "--json").status == 0)
        let missing = try await Binary.run("ca", "list", "--ca", "/nonexistent", "--json")
        #expect(missing.status == 64 && missing.failure?["code"] as? String == "ca.missing")
    }

    @Test("two requests that would write one file, and a request that would be overwritten, are refused before signing")
    func destinations() async throws {
        try await initialize()
        let csr = try await request("pi-a")
        let twin = try folder.write("pi-a.pem", try folder.text("pi-a.csr"))
        #expect(try await run("sign", csr, twin, "--passphrase-file", secret).status == 64)
        let named = try folder.write("pi-b.crt", try folder.text("pi-a.csr"))
        #expect(try await run("sign", named, "--passphrase-file", secret).status == 64)
        #expect(try document(await run("list", "--json"))["certificates"] as? [String] == [])
        let facts = try await run("sign", csr, twin, "--image", "x", "--passphrase-file", secret)
        #expect(facts.status == 64)
    }
}
