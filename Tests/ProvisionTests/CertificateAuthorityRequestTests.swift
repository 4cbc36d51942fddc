import Platform
import Provision
import Site
import TestSupport
import Testing

@Suite("What an authority grants")
struct CertificateAuthorityRequestTests {
    let bench: IdentityBench
    let authority: CertificateAuthority

    init() throws {
        bench = try IdentityBench()
        authority = try bench.authority()
    }

    private func code(_ request: [UInt8], _ profile: CertificateProfile = .unit, names: [String] = []) -> String? {
        failureCode {
            _ = try authority.sign(
                SigningOrder(request: request, name: "request", profile: profile, allowedNames: names), now: bench.now)
        }
    }

    static let uuid = "0193a5b0-1c2d-7e3f-8a4b-5c6d7e8f9a0b"

    @Test(
        "a unit's request that asks for what it may have is granted",
        arguments: [
            [], ["subjectAltName=URI:urn:picli:unit:pi-a"], ["subjectAltName=URI:urn:uuid:\(uuid)"],
            ["basicConstraints=CA:FALSE", "keyUsage=digitalSignature", "extendedKeyUsage=clientAuth"],
        ])
    func granted(extensions: [String]) throws {
        #expect(code(try bench.foreignRequest(subject: "/CN=pi-a", extensions: extensions)) == nil)
    }

    @Test(
        "whatever else a unit's request asks for is refused",
        arguments: [
            ("/CN=pi-a", ["basicConstraints=CA:TRUE"], "request.authority"),
            ("/CN=pi-a", ["basicConstraints=critical,CA:TRUE,pathlen:0"], "request.authority"),
            ("/CN=pi-a", ["keyUsage=keyCertSign"], "request.usage"),
            ("/CN=pi-a", ["extendedKeyUsage=serverAuth"], "request.usage"),
            ("/CN=pi-a", ["extendedKeyUsage=clientAuth,codeSigning"], "request.usage"),
            ("/CN=pi-a", ["1.2.3.4=ASN1:UTF8String:hello"], "request.extension"),
            ("/CN=pi-a", ["certificatePolicies=1.2.3.4"], "request.extension"),
            ("/CN=pi-a", ["subjectAltName=DNS:fleet.example"], "request.name"),
            ("/CN=pi-a", ["subjectAltName=URI:urn:picli:unit:pi-b"], "request.name"),
            ("/CN=pi-a", ["subjectAltName=URI:https://fleet.example"], "request.name"),
            ("/CN=pi-a", ["subjectAltName=email:a@b.example"], "request.name"),
            ("/CN=pi-a", ["subjectAltName=URI:urn:uuid:\(uuid),URI:urn:uuid:\(uuid)"], "request.name"),
            ("/CN=pi-a", ["subjectAltName=URI:urn:uuid:0193a5b0-1c2d-4e3f-8a4b-5c6d7e8f9a0b"], "request.name"),
            ("/CN=Pi-A", [], "request.subject"), ("/CN=pi_a", [], "request.subject"),
            ("/O=Acme/CN=pi-a", [], "request.subject"), ("/CN=pi-a/CN=pi-b", [], "request.subject"),
            ("/", [], "request.subject"), ("/CN=..\\/..\\/etc", [], "request.subject"),
            ("/CN=\u{1B}[31mred", [], "request.subject"), ("/CN=pï-a", [], "request.subject"),
            ("/CN=\(String(repeating: "a", count: 64))-", [], nil),
        ] as [(String, [String], String?)])
    func refused(subject: String, extensions: [String], code: String?) throws {
        // openssl itself does not write a name of 65 characters.
        guard let code else { return }
        let found = self.code(try bench.foreignRequest(subject: subject, extensions: extensions))
        #expect(found == code)
        let last = try #require(try authority.entries().last)
        #expect(last.event == .refused && last.code == code)
        #expect(last.subject?.unicodeScalars.contains("\u{1B}") != true)
    }

    @Test(
        "a server has the names of a LAN, and others when the operator says so",
        arguments: [
            (["subjectAltName=DNS:trailer.local,IP:192.168.1.10"], [], nil),
            (["subjectAltName=DNS:router"], [], nil),
            (["subjectAltName=DNS:fleet.example"], [], "request.name"),
            (["subjectAltName=DNS:fleet.example"], ["fleet.example"], nil),
            (["subjectAltName=DNS:fleet.example"], ["other.example"], "request.name"),
            (["subjectAltName=DNS:*.local"], [], "request.name"),
            (["subjectAltName=IP:8.8.8.8"], [], "request.name"),
            (["subjectAltName=IP:8.8.8.8"], ["8.8.8.8"], nil),
            (["subjectAltName=IP:2001:db8::1"], ["2001:0db8:0::1"], nil),
            (["subjectAltName=IP:2001:db8::1"], [], "request.name"),
            (["subjectAltName=URI:urn:picli:unit:pi-a"], [], "request.name"),
            ([], [], "request.name"),
            (["subjectAltName=DNS:router", "extendedKeyUsage=clientAuth"], [], "request.usage"),
        ] as [([String], [String], String?)])
    func servers(extensions: [String], names: [String], expected: String?) throws {
        let request = try bench.foreignRequest(subject: "/CN=pi-a", extensions: extensions)
        #expect(code(request, .web, names: names) == expected)
    }

    @Test("a broker may be called by its own name")
    func broker() throws {
        let request = try bench.foreignRequest(
            subject: "/CN=fleet.example", extensions: ["subjectAltName=DNS:fleet.example"])
        #expect(code(request, .web, names: ["fleet.example"]) == nil)
        let other = try bench.foreignRequest(subject: "/CN=bank.example", extensions: ["subjectAltName=DNS:router"])
        #expect(code(other, .web) == "request.subject")
    }

    @Test("keys of another kind and requests that are not signed by their key are refused")
    func keys() throws {
        let rsa = try bench.foreignRequest(subject: "/CN=pi-a", key: ["rsa:2048"])
        #expect(code(rsa) == "request.key")
        let curve = try bench.foreignRequest(subject: "/CN=pi-a", key: ["ec", "-pkeyopt", "ec_paramgen_curve:P-384"])
        #expect(code(curve) == "request.key")
        let good = try bench.foreignRequest(subject: "/CN=pi-a")
        let file = try bench.write("good.csr", good)
        try IdentityTools.openssl("req", "-in", file, "-outform", "DER", "-out", "\(bench.path)/good.der")
        var der = try SmallFile.bytes(at: "\(bench.path)/good.der")
        let place = try #require(der.firstRange(of: Array("pi-a".utf8)))
        der[place.upperBound - 1] = UInt8(ascii: "b")
        #expect(code(der) == "request.signature")
        #expect(code(try SmallFile.bytes(at: "\(bench.path)/good.der")) == nil)
        let text = try IdentityTools.openssl("req", "-in", file, "-text").output
        #expect(code(Array(text.utf8)) == nil)
    }

    @Test("garbage is refused, and never brings anything down")
    func garbage() throws {
        let (_, request) = try bench.unit()
        let file = try bench.write("unit.csr", request)
        try IdentityTools.openssl("req", "-in", file, "-outform", "DER", "-out", "\(bench.path)/unit.der")
        let der = try SmallFile.bytes(at: "\(bench.path)/unit.der")
        var random = SeededGenerator(seed: 7)
        var orders: [SigningOrder] = []
        for round in 0..<2000 {
            var bytes = round.isMultiple(of: 2) ? der : request
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                switch Int.random(in: 0..<3, using: &random) {
                case 0:
                    bytes[Int.random(in: bytes.indices, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 1: bytes.removeLast(Int.random(in: 1..<max(2, bytes.count / 2), using: &random))
                default:
                    bytes.insert(
                        .random(in: 0...255, using: &random), at: Int.random(in: bytes.indices, using: &random))
                }
            }
            orders.append(SigningOrder(request: bytes, name: "garbage \(round)"))
        }
        for bytes in [
            [], [0], Array("-----BEGIN CERTIFICATE REQUEST-----\n".utf8), [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF],
        ] {
            orders.append(SigningOrder(request: bytes, name: "garbage"))
        }
        let outcome = try authority.sign(orders, now: bench.now)
        #expect(outcome.results.count == orders.count)
        // A mutation of PEM's line ends or of nothing that is signed leaves the request what it was.
        for result in outcome.results {
            if case .success(let signed) = result { #expect(signed.chain.leaf.subject == "pi-7k3m92qf") }
        }
        #expect(try authority.entries().filter { $0.event == .refused }.count > 1500)
    }

    @Test(
        "an authority takes any name that a certificate can hold, as it is written",
        arguments: [
            "Acme", "Acme \"Solar\", Inc.", "Müller & Söhne GmbH", "株式会社", "O'Neill/CN=evil", "a=b,c+d<e>;f\\g#",
            "#hash",
            String(repeating: "n", count: 64), String(repeating: "ü", count: 64), "🚛 Trailers",
        ])
    func oddNames(name: String) throws {
        let bench = try IdentityBench()
        let authority = try bench.authority(name)
        #expect(authority.name == name)
        #expect(try CertificateAuthority.open(directory: bench.ca).name == name)
        let (_, request) = try bench.unit()
        let signed = try authority.sign(SigningOrder(request: request, name: "unit"), now: bench.now)
        let file = try bench.write("unit.crt", signed.chain.pem())
        let answer = try IdentityTools.openssl(
            "verify", "-x509_strict", "-CAfile", "\(bench.ca)/root.crt", "-untrusted", file, file)
        #expect(answer.status == 0, "\(answer)")
        let subject = try IdentityTools.openssl(
            "x509", "-noout", "-subject", "-nameopt", "utf8,sname", "-in", "\(bench.ca)/root.crt")
        #expect(subject.status == 0 && subject.output.contains("CN=Root CA"), "\(subject)")
    }

    @Test(
        "a name that is none is refused before anything is made",
        arguments: [
            "", " ", " Acme", "Acme ", "a\nb", "a\u{0}b", "a\u{202E}b", "\u{FEFF}a", String(repeating: "n", count: 65),
            "a\u{7F}",
        ])
    func badNames(name: String) throws {
        let bench = try IdentityBench()
        #expect(failureCode { _ = try bench.authority(name) } == "ca.name")
        #expect(FileKind(of: bench.ca) == nil)
    }
}
