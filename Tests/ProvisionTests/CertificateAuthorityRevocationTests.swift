import Platform
import Provision
import Site
import TestSupport
import Testing

@Suite("The deny list")
struct CertificateAuthorityRevocationTests {
    let bench: IdentityBench
    let authority: CertificateAuthority

    init() throws {
        bench = try IdentityBench()
        authority = try bench.authority()
    }

    private var list: String { "\(bench.ca)/revoked.crl" }

    /// Whether openssl takes a certificate, its list being asked for the whole chain.
    private func isAccepted(_ chain: CertificateChain) throws -> ForeignProgram.Answer {
        let file = try bench.write("judged.crt", chain.pem())
        return try IdentityTools.openssl(
            "verify", "-x509_strict", "-crl_check_all", "-CRLfile", list, "-CAfile", "\(bench.ca)/root.crt",
            "-untrusted", file, file)
    }

    @Test("an authority has an empty list for each issuer from the start, which openssl accepts")
    func empty() throws {
        let (_, request) = try bench.unit()
        let signed = try authority.sign(SigningOrder(request: request, name: "unit"), now: bench.now)
        let answer = try isAccepted(signed.chain)
        #expect(answer.status == 0, "\(answer)")
    }

    @Test(
        "a revoked certificate is refused with its reason, others are not",
        arguments: RevocationReason.allCases)
    func revoked(reason: RevocationReason) throws {
        let (first, second) = (try bench.unit("pi-a").request, try bench.unit("pi-b").request)
        let (bad, good) = (
            try authority.sign(SigningOrder(request: first, name: "a"), now: bench.now),
            try authority.sign(SigningOrder(request: second, name: "b"), now: bench.now)
        )
        let revocation = try authority.revoke("pi-a", reason: reason, now: bench.now)
        #expect(revocation.revoked == [bad.chain.leaf.serial] && revocation.earlier.isEmpty)
        let refused = try isAccepted(bad.chain)
        #expect(refused.status != 0 && refused.output.contains("certificate revoked"), "\(refused)")
        #expect(try isAccepted(good.chain).status == 0)
        let issuer = try #require(try authority.issuers().last)
        let der = try bench.write("list.der", authority.revocationList(year: issuer.year))
        let text = try IdentityTools.openssl(
            "crl", "-inform", "DER", "-in", der, "-noout", "-text", "-verify", "-CAfile",
            "\(bench.ca)/issuing-\(issuer.year).crt")
        #expect(text.status == 0 && text.output.contains("verify OK"), "\(text)")
        #expect(text.output.uppercased().contains(bad.chain.leaf.serial.description.uppercased()))
        #expect(text.output.contains("X509v3 CRL Number") && text.output.contains("X509v3 Authority Key Identifier"))
        #expect(text.output.contains("Reason Code") == (reason != .unspecified))
    }

    @Test("revoking again changes nothing but writes the list anew; by serial number, only that one is revoked")
    func again() throws {
        let (_, request) = try bench.unit()
        let first = try authority.sign(SigningOrder(request: request, name: "unit"), now: bench.now)
        let second = try authority.sign(SigningOrder(request: request, name: "unit"), now: bench.now)
        let serial = first.chain.leaf.serial
        _ = try authority.revoke(serial.description, reason: .superseded, now: bench.now)
        #expect(try isAccepted(first.chain).status != 0)
        #expect(try isAccepted(second.chain).status == 0)
        let rows = try authority.entries().count
        try ForeignProgram.run("/bin/rm", [list])
        let repeated = try authority.revoke(serial.description, reason: .superseded, now: bench.now)
        #expect(repeated.revoked.isEmpty && repeated.earlier == [serial])
        #expect(try authority.entries().count == rows)
        #expect(try isAccepted(first.chain).status != 0)
        #expect(try authority.denyList(now: bench.now) == "\(serial)\n")
        #expect(
            failureCode { _ = try authority.revoke("pi-nobody", reason: .superseded, now: bench.now) } == "ca.unknown")
        #expect(try authority.entries().last?.code == "ca.unknown")
    }

    @Test("a key that turns out to be stolen is never signed again, whatever it was revoked for before")
    func stolenLater() throws {
        let (_, request) = try bench.unit()
        let order = SigningOrder(request: request, name: "unit")
        let serial = try authority.sign(order, now: bench.now).chain.leaf.serial
        _ = try authority.revoke(serial.description, reason: .superseded, now: bench.now)
        let stolen = try authority.revoke(serial.description, reason: .keyCompromise, now: bench.now)
        #expect(stolen.revoked == [serial])
        #expect(failureCode { _ = try authority.sign(order, now: bench.now) } == "ca.keyCompromised")
        #expect(try authority.revoke(serial.description, reason: .keyCompromise, now: bench.now).earlier == [serial])
    }

    @Test("the lists of several years stand in one file, each signed by its own authority")
    func years() throws {
        let start = try #require(ISO8601.milliseconds("2026-12-31T12:00:00Z"))
        let bench = try IdentityBench(now: start)
        let authority = try bench.authority()
        let later = start + 86_400_000
        let old = try authority.sign(SigningOrder(request: bench.unit("pi-a").request, name: "a"), now: start)
        let new = try authority.sign(SigningOrder(request: bench.unit("pi-b").request, name: "b"), now: later)
        _ = try authority.revoke("pi-a", reason: .keyCompromise, now: later)
        for (chain, isGood) in [(old.chain, false), (new.chain, true)] {
            let file = try bench.write("judged.crt", chain.pem())
            let answer = try IdentityTools.openssl(
                "verify", "-x509_strict", "-crl_check_all", "-CRLfile", "\(bench.ca)/revoked.crl", "-attime",
                "\(later / 1000 + 60)", "-CAfile", "\(bench.ca)/root.crt", "-untrusted", file, file)
            #expect((answer.status == 0) == isGood, "\(answer)")
        }
        #expect(failureCode { _ = try authority.revocationList(year: "1999") } == "ca.unknown")
    }
}
