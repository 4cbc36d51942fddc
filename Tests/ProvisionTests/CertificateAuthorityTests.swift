import Platform
import Provision
import Site
import TestSupport
import Testing

@Suite("The certificate authority")
struct CertificateAuthorityTests {
    let bench: IdentityBench

    init() throws { bench = try IdentityBench() }

    @Test("openssl finds nothing wrong with root, issuing authority, unit and web certificates")
    func strict() throws {
        let authority = try bench.authority()
        let (identity, request) = try bench.unit()
        let unit = try authority.sign(SigningOrder(request: request, name: "unit"), now: bench.now)
        let web = try authority.sign(
            SigningOrder(
                request: identity.request(.web, hosts: ["trailer-42.local", "192.168.1.10", "fd00::10", "router"]),
                name: "web", profile: .web), now: bench.now)
        let root = "\(bench.ca)/root.crt"
        let (unitFile, webFile) = try (
            bench.write("unit.crt", unit.chain.pem()), bench.write("web.crt", web.chain.pem())
        )
        for (file, purpose) in [(unitFile, "sslclient"), (webFile, "sslserver")] {
            let answer = try IdentityTools.openssl(
                "verify", "-x509_strict", "-check_ss_sig", "-purpose", purpose, "-CAfile", root, "-untrusted", file,
                file)
            #expect(answer.status == 0, "\(answer)")
        }
        for (file, purpose) in [(unitFile, "sslserver"), (webFile, "sslclient")] {
            let answer = try IdentityTools.openssl(
                "verify", "-purpose", purpose, "-CAfile", root, "-untrusted", file, file)
            #expect(answer.status != 0, "\(answer)")
        }
        #expect(try IdentityTools.openssl("verify", "-x509_strict", "-CAfile", root, root).status == 0)
        let host = try IdentityTools.openssl(
            "verify", "-verify_hostname", "trailer-42.local", "-CAfile", root, "-untrusted", webFile, webFile)
        #expect(host.status == 0, "\(host)")
        let address = try IdentityTools.openssl(
            "verify", "-verify_ip", "fd00::10", "-CAfile", root, "-untrusted", webFile, webFile)
        #expect(address.status == 0, "\(address)")
    }

    @Test("a unit's certificate has its names, its time and nothing else")
    func unitProfile() throws {
        let authority = try bench.authority()
        let (identity, request) = try bench.unit()
        let signed = try authority.sign(SigningOrder(request: request, name: "unit"), now: bench.now)
        let leaf = signed.chain.leaf
        let record = try identity.record()
        #expect(leaf.subject == "pi-7k3m92qf")
        #expect(leaf.uris == [IdentityURI.unit(record.unit)] + record.databaseIDs.map { IdentityURI.database($0) })
        #expect(leaf.hosts.isEmpty)
        #expect(leaf.notBefore == (bench.now - 86_400_000) / 1000 * 1000)
        #expect(leaf.notAfter - bench.now > Int64(3651) * 86_400_000)
        #expect(leaf.key == (try identity.key(.device).fingerprint))
        let text = try IdentityTools.openssl(
            "x509", "-noout", "-text", "-in", bench.write("unit.crt", signed.chain.pem())
        ).output
        #expect(text.contains("TLS Web Client Authentication") && !text.contains("Server Authentication"))
        #expect(text.contains("CA:FALSE") && text.contains("Digital Signature") && text.contains("prime256v1"))
        #expect(text.contains("Subject Key Identifier") && text.contains("Authority Key Identifier"))
        let issuer = signed.chain.summaries[1]
        #expect(issuer.notAfter > leaf.notAfter)
        #expect(authority.root.leaf.notAfter > issuer.notAfter)
    }

    @Test("a web certificate lasts at most 825 days")
    func webProfile() throws {
        let authority = try bench.authority()
        let (identity, _) = try bench.unit()
        let request = try identity.request(.web, hosts: ["trailer.lan"])
        let leaf = try authority.sign(SigningOrder(request: request, name: "web", profile: .web), now: bench.now).chain
            .leaf
        #expect(leaf.notAfter - leaf.notBefore <= Int64(825) * 86_400_000)
        #expect(leaf.hosts == ["trailer.lan"])
        #expect(leaf.uris.isEmpty)
    }

    @Test("keys are closed with the passphrase, and openssl opens them")
    func keys() throws {
        _ = try CertificateAuthority.create(
            directory: bench.ca, name: "Acme", passphrase: bench.passphrase, now: bench.now)
        for name in try SmallFile.names(in: bench.ca) where name.hasSuffix(".key") {
            let path = "\(bench.ca)/\(name)"
            #expect(FileKind.permissions(of: path) == 0o600)
            #expect(try SmallFile.text(at: path).hasPrefix("-----BEGIN ENCRYPTED PRIVATE KEY-----"))
            let good = try IdentityTools.openssl(
                "pkey", "-in", path, "-passin", "file:\(bench.path)/secret", "-noout", "-check")
            #expect(good.status == 0, "\(good)")
            #expect(try IdentityTools.openssl("pkey", "-in", path, "-passin", "pass:wrong", "-noout").status != 0)
        }
        #expect(FileKind.permissions(of: bench.ca) == 0o700)
    }

    @Test(
        "keys that openssl closed are opened, whatever it did",
        arguments: [
            ["-v2", "aes-256-cbc"], ["-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA512"], ["-scrypt"],
            ["-v2", "aes-192-cbc", "-iter", "100000"],
        ])
    func foreignKeys(closing: [String]) throws {
        let authority = try bench.authority()
        let name = try #require(
            try SmallFile.names(in: bench.ca).first { $0.hasPrefix("issuing") && $0.hasSuffix(".key") })
        let path = "\(bench.ca)/\(name)"
        let secret = "file:\(bench.path)/secret"
        let plain = "\(bench.path)/plain.key"
        try IdentityTools.openssl("pkey", "-in", path, "-passin", secret, "-out", plain)
        let answer = try ForeignProgram.run(
            "/usr/bin/openssl", ["pkcs8", "-topk8", "-in", plain, "-passout", secret, "-out", path] + closing)
        #expect(answer.status == 0, "\(answer)")
        let (_, request) = try bench.unit()
        let again = try CertificateAuthority.open(directory: authority.directory, passphrase: bench.passphrase)
        _ = try again.sign(SigningOrder(request: request, name: "unit"), now: bench.now)
    }

    @Test("a wrong passphrase signs nothing, and the attempt is in the register")
    func wrongPassphrase() throws {
        _ = try bench.authority()
        let authority = try CertificateAuthority.open(
            directory: bench.ca, passphrase: Passphrase("wrong horse battery"))
        let (_, request) = try bench.unit()
        let code = failureCode { _ = try authority.sign(SigningOrder(request: request, name: "unit"), now: bench.now) }
        #expect(code == "passphrase.wrong")
        let last = try #require(try authority.entries().last)
        #expect(last.event == .refused && last.code == "passphrase.wrong" && last.subject == "pi-7k3m92qf")
    }

    @Test("the issuing authority changes with the year, and every certificate ends before it")
    func rotation() throws {
        let start = try #require(ISO8601.milliseconds("2026-12-31T23:59:58Z"))
        let bench = try IdentityBench(now: start)
        let authority = try bench.authority()
        let (_, request) = try bench.unit()
        for (seconds, year, isNew) in [(0, "2026", false), (3, "2027", true), (6, "2027", false)] {
            let outcome = try authority.sign(
                [SigningOrder(request: request, name: "unit")], now: start + Int64(seconds) * 1000)
            let chain = try #require(try outcome.results.first?.get().chain)
            #expect(chain.leaf.issuer == "Issuing CA \(year)")
            #expect((outcome.newIssuer != nil) == isNew)
            #expect(outcome.isListNew == isNew)
            #expect(chain.leaf.notAfter < chain.summaries[1].notAfter)
            let file = try bench.write("unit.crt", chain.pem())
            let answer = try IdentityTools.openssl(
                "verify", "-x509_strict", "-attime", "\(start / 1000 + 60)", "-CAfile", "\(bench.ca)/root.crt",
                "-untrusted", file, file)
            #expect(answer.status == 0, "\(answer)")
        }
        #expect(try authority.issuers().map(\.year) == ["2026", "2027"])
        let late = try #require(ISO8601.milliseconds("2050-01-01T00:00:00Z"))
        #expect(
            failureCode { _ = try authority.sign(SigningOrder(request: request, name: "u"), now: late) } == "ca.ends")
        #expect(failureCode { _ = try authority.sign(SigningOrder(request: request, name: "u"), now: 0) } == "ca.clock")
    }

    @Test("an interrupted start is begun anew; a whole authority and a foreign folder are left alone")
    func interruptedStart() throws {
        bench.folder.write("half", to: "ca/root.key")
        bench.folder.write("half", to: "ca/issuing-2020.crt")
        _ = try bench.authority()
        #expect(try SmallFile.names(in: bench.ca).contains("issuing-2020.crt") == false)
        #expect(failureCode { _ = try bench.authority() } == "ca.exists")
        bench.folder.write("mine", to: "other/letter.txt")
        let code = failureCode {
            _ = try CertificateAuthority.create(
                directory: "\(bench.path)/other", name: "A", passphrase: bench.passphrase, now: bench.now)
        }
        #expect(code == "ca.notEmpty")
        #expect(failureCode { _ = try CertificateAuthority.open(directory: "/nonexistent") } == "ca.missing")
    }

    @Test("a passphrase is long enough, one line, and shows in no description")
    func passphrases() throws {
        #expect(failureCode { _ = try Passphrase("") } == "passphrase.unusable")
        #expect(failureCode { _ = try Passphrase("a\u{1B}b") } == "passphrase.unusable")
        #expect(failureCode { _ = try Passphrase(file: "/nonexistent") } == "passphrase.file")
        let short = try Passphrase("eleven char")
        let code = failureCode {
            _ = try CertificateAuthority.create(directory: bench.ca, name: "A", passphrase: short, now: bench.now)
        }
        #expect(code == "passphrase.short")
        #expect(!"\(bench.passphrase)".contains("horse"))
        let key = SigningKey()
        var dumped = ""
        dump(bench.passphrase, to: &dumped)
        dump(key, to: &dumped)
        #expect(dumped == "- passphrase\n- private key of \(key.fingerprint)\n")
        #expect(try Passphrase(file: "\(bench.path)/secret").isExposed)
    }
}
